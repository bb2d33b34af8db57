/* libsafelight: PDQ fingerprints of pictures, and exact search among them by Hamming distance.
 *
 * Every function that can fail gives an sl_status; SL_OK is 0. The last argument may be NULL, or
 * says more: the rule that was broken and where. Other pointers must not be NULL unless the
 * function says so: they are refused with SL_INVALID_ARGUMENT. What is given out through a pointer
 * is written on SL_OK only. Nothing is printed, nothing ends the process, and there is no state
 * beside the objects; the environment variable SAFELIGHT_SIMD (scalar, avx2, avx512) lowers the
 * instruction set that is used.
 *
 * Threads: an sl_hasher serves one thread at a time. An sl_index may be searched and read
 * by many threads at once. Any object may be freed by another thread than made it, once nobody uses
 * it.
 *
 * Stability: a program built against a version of ABI 1 runs with every later one of it. Functions
 * and codes may be added; a structure that has struct_size may grow, and no other changes. Treat a
 * code that you do not know as a failure.
 *
 * C11 and C++ may include this header. docs/api.md has examples. */
#ifndef SAFELIGHT_H
#define SAFELIGHT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SL_ABI_VERSION 1

/* The version of the library, such as "0.1.0", and its ABI: static text, valid for ever. */
const char* sl_version(void);
uint32_t sl_abi_version(void);

/* ---- Errors ---- */

typedef int32_t sl_status;

enum {
  SL_OK = 0,
  /* What is wrong with an input. */
  SL_TRUNCATED = 1,          /* It ends early. */
  SL_MALFORMED = 2,          /* It breaks a rule of its format. */
  SL_UNSUPPORTED = 3,        /* A variant that is not handled, or a newer version. */
  SL_LIMIT_EXCEEDED = 4,     /* A named limit of the library was reached. */
  SL_INTEGRITY_MISMATCH = 5, /* A checksum in it does not fit it. */
  SL_UNREADABLE = 6,         /* The medium would not give the bytes. */
  SL_ENCRYPTED = 7,
  SL_CHANGED = 8, /* It changed while it was read. */
  SL_TIMED_OUT = 9,
  SL_WORKER_CRASHED = 10,
  SL_NOT_FOUND = 11, /* What was asked for is not there. */
  /* What is wrong with the call, or with the machine. */
  SL_INVALID_ARGUMENT = 100,
  SL_OUT_OF_MEMORY = 101,
  SL_ENVIRONMENT = 102, /* Such as a full disk: sl_error.message says what. */
  SL_INTERNAL = 103     /* A mistake of the library: please report it. */
};

enum {
  SL_OFFSET_NONE = 0,
  SL_OFFSET_EXACT = 1,
  SL_OFFSET_APPROXIMATE = 2 /* Bytes consumed when it was noticed. */
};

typedef struct sl_error {
  sl_status status;
  int32_t offset_kind;   /* Whether offset_bytes says something: SL_OFFSET_... */
  uint64_t offset_bytes; /* Place in the input. */
  char rule[64];         /* The rule broken, such as "png.chunk-crc"; a stable name, or "". */
  char message[176];     /* Words, of SL_ENVIRONMENT and SL_INTERNAL alone; else "". */
} sl_error;

/* A name for a status, such as "limit_exceeded"; "unknown" for none. Static text. */
const char* sl_status_text(sl_status status);

/* ---- Fingerprints ---- */

#define SL_FINGERPRINT_BYTES 32
#define SL_HEX_CHARS 64
#define SL_MIN_QUALITY 50    /* The quality from which PDQ's authors recommend to match. */
#define SL_DEFAULT_RADIUS 31 /* The largest distance that they recommend to call a match. */

/* 256 bits, in the order of the 64 hexadecimal digits that stand for them: the first byte is the
 * first two digits. */
typedef struct sl_fingerprint {
  uint8_t bytes[SL_FINGERPRINT_BYTES];
} sl_fingerprint;

/* How pixels become a fingerprint. The two differ by 7 to 9 bits on the same picture: compare
 * fingerprints of one mode only. */
enum {
  SL_MODE_REFERENCE = 0, /* Meta's C++: first reduced to 512 x 512 samples. */
  SL_MODE_FULL = 1       /* Every pixel, as the pdqhash Python package. */
};

/* The eight orientations of a picture, in the order of Meta's reference. */
enum {
  SL_ORIGINAL = 0,
  SL_ROTATE90 = 1,
  SL_ROTATE180 = 2,
  SL_ROTATE270 = 3,
  SL_FLIP_X = 4,
  SL_FLIP_Y = 5,
  SL_FLIP_PLUS1 = 6,
  SL_FLIP_MINUS1 = 7
};
#define SL_ORIENTATIONS 8

/* A fingerprint of a picture. */
typedef struct sl_hash {
  sl_fingerprint fingerprint;
  int32_t mode;    /* SL_MODE_... */
  int32_t quality; /* 0 to 100; under SL_MIN_QUALITY a fingerprint says little. */
} sl_hash;

/* Writes 64 lower-case digits and a terminating 0 to `hex`, which has room for 65 characters. */
sl_status sl_fingerprint_to_hex(const sl_fingerprint* fingerprint, char* hex, sl_error* error);

/* Reads `length` characters, which must be 64 digits in either case.
 * Errors: SL_MALFORMED, at the character. */
sl_status sl_fingerprint_from_hex(const char* hex, size_t length, sl_fingerprint* fingerprint,
                                  sl_error* error);

/* The number of bits in which two fingerprints differ, 0 to 256. */
sl_status sl_distance(const sl_fingerprint* a, const sl_fingerprint* b, uint32_t* distance_bits,
                      sl_error* error);

/* ---- From pixels to fingerprints ---- */

/* Keeps its buffers from one picture to the next: make one for each thread. */
typedef struct sl_hasher sl_hasher;

sl_status sl_hasher_create(sl_hasher** hasher, sl_error* error);
void sl_hasher_free(sl_hasher* hasher); /* NULL is fine. */

/* Pixels in memory: rows from the top, 8 bits a sample. Row y begins at samples + y * stride_bytes
 * and has width * channels samples; what lies between rows is not read. */
typedef struct sl_pixels {
  const uint8_t* samples;
  size_t stride_bytes; /* At least width * channels. */
  uint32_t width;
  uint32_t height;
  uint32_t channels; /* 1 (grey) or 3 (red, green, blue). */
} sl_pixels;

/* The fingerprint of a picture as it stands. In SL_MODE_FULL it is that of pdqhash's compute(); in
 * SL_MODE_REFERENCE that of Meta's C++ for the same pixels in the same number of channels.
 * Errors: SL_UNSUPPORTED, "pdq.side-under-5" or "pdq.channels"; SL_LIMIT_EXCEEDED for a side over
 * 65,535 or more than 500 million pixels; SL_INVALID_ARGUMENT for a mode or stride that cannot be.
 */
sl_status sl_hash_pixels(sl_hasher* hasher, const sl_pixels* pixels, int32_t mode, sl_hash* hash,
                         sl_error* error);

/* All eight orientations out of one transform, as pdqhash's compute_dihedral() gives them: writes
 * SL_ORIENTATIONS hashes, all of one quality. The first is that of sl_hash_pixels(), but for a
 * picture of exactly 64 x 64 pixels, where PDQ itself computes the two in different ways. Errors:
 * as sl_hash_pixels(). */
sl_status sl_hash_pixels_all(sl_hasher* hasher, const sl_pixels* pixels, int32_t mode,
                             sl_hash* hashes, sl_error* error);

/* A picture that was decoded from a file. */
typedef struct sl_picture {
  uint32_t width; /* As stored: an EXIF orientation is not applied. */
  uint32_t height;
  sl_hash hashes[SL_ORIENTATIONS]; /* hashes[SL_ORIGINAL] is what lists hold. */
  sl_error incomplete;             /* Why part of the picture is missing, else SL_OK. */
} sl_picture;

/* What decoding a file may cost. */
typedef struct sl_limits {
  size_t struct_size;        /* sizeof(sl_limits) */
  uint64_t max_pixels;       /* Of a picture, whose sides are never over 65,535 each. */
  uint64_t max_memory_bytes; /* About what decoding allocates. */
} sl_limits;

#define SL_LIMITS_INIT \
  { sizeof(sl_limits), 500000000u, 1200000000u }

/* Decodes and hashes the main picture of a JPEG, PNG or WebP file, told by its first bytes. A
 * picture that decodes in part has fingerprints too, and says so in `incomplete`: partly examined
 * is not examined. Thumbnails, further frames and other formats are not looked at. `limits` may be
 * NULL for those of SL_LIMITS_INIT.
 *
 * The bytes are decoded IN THE CALLER'S PROCESS, by libjpeg, libpng and libwebp, without the
 * confinement that the program `safelight` gives its workers. A file that exploits a fault of a
 * decoder takes over the caller. Where files may be hostile, run `safelight hash`, or decode in a
 * confined process of your own and pass pixels.
 *
 * Errors: SL_UNSUPPORTED, "bytes.format" for another format, and as sl_hash_pixels(); SL_TRUNCATED
 * or SL_MALFORMED where not even one row came; SL_LIMIT_EXCEEDED. */
sl_status sl_hash_bytes(sl_hasher* hasher, const void* bytes, size_t size, int32_t mode,
                        const sl_limits* limits, sl_picture* picture, sl_error* error);

/* ---- Search ---- */

/* Fingerprints of one mode, each with an id, searched by Hamming distance. The search is exact:
 * every row within the radius is found. It does not change once it is built. */
typedef struct sl_index sl_index;

typedef struct sl_index_options {
  size_t struct_size;        /* sizeof(sl_index_options) */
  int32_t mode;              /* SL_MODE_... of the fingerprints. */
  uint32_t radius_bits;      /* The largest that will be usual, 0 to 63. Larger ones are searched
                                as exactly, but slowly. */
  uint64_t queries_per_call; /* How many will be usual: more favour a scan over a lookup. */
  uint32_t threads;          /* To build with. */
} sl_index_options;

#define SL_INDEX_OPTIONS_INIT(mode) \
  { sizeof(sl_index_options), (mode), SL_DEFAULT_RADIUS, 64, 1 }

/* Builds an index of `count` fingerprints, which are rows 0 to count - 1. `ids` has as many, of any
 * meaning, repeated or not; NULL makes each row its own id. Both are copied. `fingerprints` may be
 * NULL where count is 0.
 * Errors: SL_LIMIT_EXCEEDED over 2^32 - 1 rows. */
sl_status sl_index_build(const sl_fingerprint* fingerprints, const uint64_t* ids, size_t count,
                         const sl_index_options* options, sl_index** index, sl_error* error);

/* Writes the index to a file that appears whole, readable by its owner alone, or not at all; it
 * replaces one that stands there. Format: docs/formats/index_file.md.
 * Errors: SL_ENVIRONMENT; SL_INTEGRITY_MISMATCH where the index is of a damaged file. */
sl_status sl_index_save(const sl_index* index, const char* path, sl_error* error);

/* Opens such a file without reading or copying all of it: it is mapped, and must stay as it is
 * while the index lives (if it is cut short meanwhile, touching the lost part raises SIGBUS). Each
 * 64 KiB of it are compared with their checksum before they are first used, here or in a later
 * call, which then gives SL_INTEGRITY_MISMATCH instead of an answer. Errors: SL_NOT_FOUND;
 * SL_UNREADABLE; SL_TRUNCATED; SL_MALFORMED where it is no such file; SL_UNSUPPORTED for another
 * version or byte order; SL_INTEGRITY_MISMATCH. */
sl_status sl_index_open(const char* path, sl_index** index, sl_error* error);

/* Compares all of the file that was opened with its checksums now; of an index in memory there is
 * nothing to compare. Errors: SL_INTEGRITY_MISMATCH, at the first block that does not fit. */
sl_status sl_index_verify(const sl_index* index, sl_error* error);

void sl_index_free(sl_index* index); /* NULL is fine. */

enum {
  SL_INDEX_FLAT = 0, /* A scan over all rows. */
  SL_INDEX_MULTI = 1 /* Multi-index hashing. */
};

typedef struct sl_index_info {
  size_t struct_size; /* sizeof(sl_index_info), set by the caller. */
  uint64_t rows;
  int32_t mode;
  int32_t kind;         /* SL_INDEX_...: which one was chosen to be quicker. */
  uint32_t radius_bits; /* The largest radius that is searched quickly. */
  int32_t has_ids;      /* 1 where ids were given, else 0. */
} sl_index_info;

sl_status sl_index_describe(const sl_index* index, sl_index_info* info, sl_error* error);

/* The fingerprint and the id of a row; either pointer may be NULL.
 * Errors: SL_NOT_FOUND, "index.row"; SL_INTEGRITY_MISMATCH where the file is damaged there. */
sl_status sl_index_row(const sl_index* index, uint64_t row, sl_fingerprint* fingerprint,
                       uint64_t* id, sl_error* error);

#define SL_NO_LIMIT UINT32_MAX

typedef struct sl_search_options {
  size_t struct_size;          /* sizeof(sl_search_options) */
  int32_t mode;                /* SL_MODE_... of the queries: that of the index. */
  uint32_t radius_bits;        /* Inclusive, 0 to 256. */
  uint32_t max_hits_per_query; /* The nearest are kept, among equally near ones those of the lowest
                                  rows; the others are counted. SL_NO_LIMIT keeps all. */
} sl_search_options;

#define SL_SEARCH_OPTIONS_INIT(mode) \
  { sizeof(sl_search_options), (mode), SL_DEFAULT_RADIUS, SL_NO_LIMIT }

/* A row within the radius of a query. */
typedef struct sl_hit {
  uint64_t id;
  uint32_t query; /* Place of the query in its batch, from 0. */
  uint32_t row;
  uint32_t distance_bits;
  uint32_t reserved; /* 0 */
} sl_hit;

/* What a search found. */
typedef struct sl_hits sl_hits;

/* Searches for `count` queries (at most 2^32 - 1; NULL is fine for none). Many in one call cost
 * much less each than one. Errors: SL_INVALID_ARGUMENT, "search.mode" where the mode is not that of
 * the index. */
sl_status sl_index_search(const sl_index* index, const sl_fingerprint* queries, size_t count,
                          const sl_search_options* options, sl_hits** hits, sl_error* error);

/* The hits, ordered by query, then distance, then row. Valid until sl_hits_free(). NULL and 0 for
 * NULL. */
const sl_hit* sl_hits_data(const sl_hits* hits);
size_t sl_hits_count(const sl_hits* hits);
/* For each query, where its hits begin in sl_hits_data(); one more value at the end. */
const uint64_t* sl_hits_first(const sl_hits* hits);
/* For each query, how many hits the limit left out. */
const uint64_t* sl_hits_cut(const sl_hits* hits);

void sl_hits_free(sl_hits* hits); /* NULL is fine. */

#ifdef __cplusplus
}
#endif

#endif /* SAFELIGHT_H */
