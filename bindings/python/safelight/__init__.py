"""PDQ fingerprints of pictures, and exact search among them by Hamming distance, over libsafelight.

    import safelight
    vector, quality = safelight.compute(image)             # as the pdqhash package answers
    picture = safelight.hash_file("photo.jpg", "reference")
    index = safelight.Index.build(["d8f8..."], "reference", ids=[7])
    for hit in index.query([picture.fingerprint]):
        print(hit.id, hit.distance)

numpy is used where it is installed and is not needed. docs/api.md of Safelight is the tour."""
from ._buffers import distance, to_bits, to_bytes, to_hex
from ._library import SafelightError, version as _version
from .hashing import ORIENTATIONS, Picture, compute, compute_dihedral, hash_bytes, hash_file
from .index import Hit, Hits, Index

__version__ = _version()
__all__ = ["ORIENTATIONS", "Hit", "Hits", "Index", "Picture", "SafelightError", "compute", "compute_dihedral",
           "distance", "hash_bytes", "hash_file", "to_bits", "to_bytes", "to_hex"]
