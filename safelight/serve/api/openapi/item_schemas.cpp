#include "safelight/serve/api/openapi/schema_groups.h"

namespace safelight::serve {

std::string_view item_schemas() {
  return R"json(
  "Item": {
    "type": "object",
    "properties": {
      "item": {"$ref": "#/components/schemas/ItemId"},
      "card": {"$ref": "#/components/schemas/Card"},
      "path": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "kind": {"type": "string", "enum": ["source", "folder", "file", "member", "picture"]},
            "name": {"type": ["string", "null"]},
            "offset": {"type": ["integer", "null"], "minimum": 0}
          },
          "required": ["kind", "name"]
        }
      },
      "times": {
        "type": "object",
        "additionalProperties": {
          "type": "string",
          "description": "Without Z where the zone of the clock is not known."
        }
      },
      "digests": {
        "type": "object",
        "properties": {
          "md5": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
          "sha1": {"type": "string", "pattern": "^[0-9a-f]{40}$"},
          "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}
        }
      },
      "format": {"type": "string"},
      "media_type": {"type": "string", "description": "\"\" where it is not known."},
      "width": {"type": ["integer", "null"], "minimum": 0},
      "height": {"type": ["integer", "null"], "minimum": 0},
      "size": {"type": ["integer", "null"], "minimum": 0},
      "coverage": {"$ref": "#/components/schemas/Coverage"},
      "error": {
        "type": ["object", "null"],
        "properties": {
          "code": {"type": "string"},
          "rule": {"type": "string"},
          "offset": {"type": ["integer", "null"], "minimum": 0}
        },
        "required": ["code", "rule", "offset"]
      },
      "fingerprints": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "mode": {"type": "string", "enum": ["reference", "full"]},
            "quality": {"type": "integer", "minimum": 0, "maximum": 100}
          },
          "required": ["mode", "quality"]
        }
      },
      "reasons": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"code": {"type": "string"}, "words": {"type": "string"}},
          "required": ["code", "words"]
        }
      },
      "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
      "hits": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
      "copies": {
        "type": "array",
        "items": {"$ref": "#/components/schemas/ItemId"},
        "maxItems": 200
      },
      "near": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"item": {"$ref": "#/components/schemas/ItemId"}},
          "required": ["item"]
        },
        "maxItems": 200
      },
      "history": {"type": "array", "items": {"$ref": "#/components/schemas/HistoryLine"}},
      "exposures": {"type": "integer", "minimum": 0}
    },
    "required": [
      "item", "card", "path", "times", "digests", "format", "media_type", "width", "height",
      "size", "coverage", "error", "fingerprints", "reasons", "findings", "hits", "copies", "near",
      "history", "exposures"
    ]
  },
  "Finding": {
    "type": "object",
    "properties": {
      "kind": {"type": "string"},
      "grade": {"$ref": "#/components/schemas/Grade"},
      "grade_words": {"type": "string"},
      "statement": {"type": "string"},
      "fields": {
        "type": "array",
        "items": {
          "type": "array",
          "prefixItems": [{"type": "string"}, {"type": "string"}],
          "minItems": 2,
          "maxItems": 2
        }
      },
      "offset": {"type": ["integer", "null"], "minimum": 0}
    },
    "required": ["kind", "grade", "grade_words", "statement", "fields", "offset"]
  },
  "Hit": {
    "type": "object",
    "properties": {
      "list": {"type": "string"},
      "version": {"type": "string"},
      "category": {"type": "string"},
      "disposition": {"type": "string", "enum": ["ordinary", "unknown", "review", "known"]},
      "kind": {"type": "string", "enum": ["md5", "sha1", "sha256", "pdq"]},
      "distance": {
        "type": ["integer", "null"],
        "description": "In steps of four bits; null for those who may not see it.",
        "minimum": 0,
        "maximum": 256
      },
      "entry": {"type": "string"},
      "victim_identified": {"type": "string", "enum": ["not_stated", "no", "yes"]}
    },
    "required": [
      "list", "version", "category", "disposition", "kind", "distance", "entry",
      "victim_identified"
    ]
  },
  "HistoryLine": {
    "type": "object",
    "properties": {
      "act": {"type": "integer", "minimum": 1},
      "kind": {
        "type": "string",
        "enum": ["category", "flag", "unflag", "note", "pass_on", "take_back", "settle"]
      },
      "by": {"type": "string"},
      "at": {"type": "string", "format": "date-time"},
      "category": {"type": ["string", "null"]},
      "flag": {"type": ["string", "null"]},
      "to": {"type": ["string", "null"]},
      "text": {"type": ["string", "null"]},
      "undone": {"type": "boolean"}
    },
    "required": ["act", "kind", "by", "at", "category", "flag", "to", "text", "undone"]
  },
  "ActRequest": {
    "type": "object",
    "properties": {
      "kind": {
        "type": "string",
        "enum": ["category", "flag", "unflag", "note", "pass_on", "take_back", "settle"]
      },
      "items": {
        "type": "array",
        "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "minItems": 1,
        "maxItems": 10000
      },
      "whole_groups": {"type": "boolean"},
      "seen": {
        "type": "integer",
        "description": "The last act that the caller knew of.",
        "minimum": 0
      },
      "category": {
        "type": ["string", "null"],
        "description": "Of kinds category and settle alone; null takes it away.",
        "maxLength": 200
      },
      "flag": {
        "type": ["string", "null"],
        "description": "Of kinds flag and unflag alone.",
        "maxLength": 200
      },
      "to": {
        "type": ["string", "null"],
        "description": "Of kind pass_on alone.",
        "maxLength": 200
      },
      "text": {"type": ["string", "null"], "maxLength": 20000},
      "id": {
        "type": ["string", "null"],
        "description": "Made by the caller: a request that is sent again is done once.",
        "maxLength": 64
      }
    },
    "required": ["kind", "items", "whole_groups", "seen"],
    "additionalProperties": false
  },
  "DoneAct": {
    "type": "object",
    "properties": {
      "act": {"type": "integer", "minimum": 1},
      "items": {"type": "integer", "minimum": 0},
      "version": {"type": "integer", "minimum": 0}
    },
    "required": ["act", "items", "version"]
  },
  "Conflict": {
    "type": "object",
    "properties": {
      "item": {"$ref": "#/components/schemas/ItemId"},
      "act": {"type": "integer", "minimum": 1},
      "category": {"type": ["string", "null"]},
      "by": {"type": "string"},
      "at": {"type": "string", "format": "date-time"}
    },
    "required": ["item", "act", "category", "by", "at"]
  },
  "TurnRequest": {
    "type": "object",
    "properties": {
      "id": {
        "type": "string",
        "maxLength": 64,
        "description": "Made by the page: a request that is sent again is done once."
      }
    }
  },
  "TurnedAct": {
    "type": "object",
    "properties": {
      "act": {"type": "integer", "minimum": 0},
      "kind": {
        "type": "string",
        "enum": ["category", "flag", "unflag", "note", "pass_on", "take_back", "settle"]
      },
      "items": {
        "type": "array",
        "items": {"$ref": "#/components/schemas/ItemId"},
        "maxItems": 10000
      },
      "category": {"type": ["string", "null"]}
    },
    "required": ["act", "kind", "items", "category"]
  },
  "Undone": {
    "type": "object",
    "properties": {"undone": {"$ref": "#/components/schemas/TurnedAct"}},
    "required": ["undone"]
  },
  "Redone": {
    "type": "object",
    "properties": {"redone": {"$ref": "#/components/schemas/TurnedAct"}},
    "required": ["redone"]
  }
)json";
}

}  // namespace safelight::serve
