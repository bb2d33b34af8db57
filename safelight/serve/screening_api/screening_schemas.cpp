#include "safelight/serve/screening_api/key_routes.h"

namespace safelight::serve {

std::string_view screening_schemas() {
  return R"json({
"Problem":{"type":"object","required":["type","title","status","code"],"properties":{
  "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
  "code":{"type":"string","description":"Stable: for programs"},"detail":{"type":"string"}}},
"Verdict":{"type":"object","required":["verdict"],"additionalProperties":false,"properties":{
  "verdict":{"enum":["accept","hold"]}}},
"DigestQuery":{"type":"object","required":["digests"],"additionalProperties":false,"properties":{
  "digests":{"type":"array","maxItems":1000,"items":{"type":"string",
    "pattern":"^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$",
    "description":"MD5, SHA-1 or SHA-256, by its length"}}}},
"FingerprintQuery":{"type":"object","required":["fingerprints"],"additionalProperties":false,
  "properties":{"mode":{"enum":["reference","full"],"default":"reference"},
  "fingerprints":{"type":"array","maxItems":1000,"items":{"type":"string",
    "pattern":"^[0-9A-Fa-f]{64}$","description":"PDQ, of quality 50 or more"}}}},
"LookedUp":{"type":"object","required":["found"],"properties":{
  "found":{"type":"array","items":{"type":"boolean"},
    "description":"For each value: whether an entry that holds an upload has it"},
  "hits":{"type":"array","description":"For each value; only for a key with the scope review",
    "items":{"type":"array","items":{"$ref":"#/components/schemas/Hit"}}}}},
"Hit":{"type":"object","required":["list","entry","category","disposition","kind"],"properties":{
  "list":{"type":"string"},"entry":{"type":"string"},"category":{"type":"string"},
  "disposition":{"enum":["ordinary","unknown","review","known"]},
  "kind":{"enum":["md5","sha1","sha256","pdq"]},
  "distance":{"type":"integer","multipleOf":4,
    "description":"Bits, of a fingerprint: rounded down to a multiple of 4"}}},
"HmaHashes":{"type":"object","properties":{"pdq":{"type":"string"}}},
"HmaMatches":{"type":"object","additionalProperties":{"type":"array","items":{"type":"object",
  "required":["bank_content_id","distance"],"properties":{
  "bank_content_id":{"type":"integer"},"distance":{"type":"string"}}}}}
})json";
}

}  // namespace safelight::serve
