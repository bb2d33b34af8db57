/* Says of a file of pixels what libsafelight says of it, in a form that a test compares. */
#include <inttypes.h>
#include <safelight.h>
#include <stdio.h>
#include <stdlib.h>

static void check(sl_status status, const sl_error* error) {
  if (status == SL_OK) return;
  fprintf(stderr, "%s %s %s\n", sl_status_text(status), error->rule, error->message);
  exit(1);
}

static void print_hash(const char* name, const sl_hash* hash) {
  char hex[SL_HEX_CHARS + 1];
  sl_error error;
  check(sl_fingerprint_to_hex(&hash->fingerprint, hex, &error), &error);
  printf("%s %s %d\n", name, hex, (int)hash->quality);
}

/* program PICTURE INDEX: hashes a picture file and searches for it in an index that it saves. */
int main(int argc, char** argv) {
  if (argc != 3) return 2;
  static unsigned char bytes[1 << 20];
  FILE* in = fopen(argv[1], "rb");
  if (in == NULL) return 2;
  const size_t size = fread(bytes, 1, sizeof bytes, in);
  fclose(in);

  if (sl_abi_version() != SL_ABI_VERSION) return 3;
  printf("version %s\n", sl_version());
  sl_error error;
  sl_hasher* hasher = NULL;
  check(sl_hasher_create(&hasher, &error), &error);
  sl_picture picture;
  static const char* const kModes[] = {"reference", "full"};
  for (int32_t mode = SL_MODE_REFERENCE; mode <= SL_MODE_FULL; ++mode) {
    check(sl_hash_bytes(hasher, bytes, size, mode, NULL, &picture, &error), &error);
    for (int i = 0; i < SL_ORIENTATIONS; ++i) print_hash(kModes[mode], &picture.hashes[i]);
  }
  sl_hasher_free(hasher);

  sl_fingerprint rows[SL_ORIENTATIONS];
  uint64_t ids[SL_ORIENTATIONS];
  for (int i = 0; i < SL_ORIENTATIONS; ++i) {
    rows[i] = picture.hashes[i].fingerprint;
    ids[i] = UINT64_C(1) << (40 + i);
  }
  const sl_index_options options = SL_INDEX_OPTIONS_INIT(SL_MODE_FULL);
  sl_index* built = NULL;
  check(sl_index_build(rows, ids, SL_ORIENTATIONS, &options, &built, &error), &error);
  check(sl_index_save(built, argv[2], &error), &error);
  sl_index_free(built);
  sl_index* index = NULL;
  check(sl_index_open(argv[2], &index, &error), &error);
  const sl_search_options search = SL_SEARCH_OPTIONS_INIT(SL_MODE_FULL);
  sl_hits* hits = NULL;
  check(sl_index_search(index, rows, SL_ORIENTATIONS, &search, &hits, &error), &error);
  for (size_t i = 0; i < sl_hits_count(hits); ++i) {
    const sl_hit* hit = &sl_hits_data(hits)[i];
    printf("hit %" PRIu32 " %" PRIu32 " %" PRIu64 " %" PRIu32 "\n", hit->query, hit->row, hit->id,
           hit->distance_bits);
  }
  sl_hits_free(hits);
  sl_index_free(index);
  return 0;
}
