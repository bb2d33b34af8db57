#include "safelight/serve/api/openapi/schema_groups.h"

namespace safelight::serve {

std::string_view queue_schemas() {
  return R"json(
  "ItemId": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
  "Grade": {
    "type": "string",
    "enum": ["fact", "weak", "declared", "watermark", "verified", "verified-trusted", "contradicted"]
  },
  "Coverage": {"type": "string", "enum": ["full", "partial", "none"]},
  "Card": {
    "type": "object",
    "properties": {
      "item": {"$ref": "#/components/schemas/ItemId"},
      "rank": {"type": "integer", "description": "Over all items of the case.", "minimum": 1},
      "class": {
        "type": "string",
        "description": "Why it stands there; \"unranked\" where that is not known yet."
      },
      "members": {"type": "integer", "minimum": 1},
      "type": {"type": "string"},
      "width": {"type": ["integer", "null"], "minimum": 0},
      "height": {"type": ["integer", "null"], "minimum": 0},
      "size": {"type": ["integer", "null"], "minimum": 0},
      "modified": {
        "type": ["string", "null"],
        "description": "Without Z where the zone of the clock is not known."
      },
      "name": {
        "type": ["string", "null"],
        "description": "Null for those who may not see paths."
      },
      "list": {
        "type": ["array", "null"],
        "items": {
          "type": "object",
          "properties": {"name": {"type": "string"}, "category": {"type": "string"}},
          "required": ["name", "category"]
        }
      },
      "grades": {
        "type": "array",
        "description": "Of its evidence of origin, the strongest first.",
        "items": {"$ref": "#/components/schemas/Grade"}
      },
      "known": {"type": "boolean"},
      "coverage": {"$ref": "#/components/schemas/Coverage"},
      "decision": {
        "type": ["object", "null"],
        "properties": {
          "category": {"type": "string"},
          "by": {"type": "string"},
          "at": {"type": "string", "format": "date-time"},
          "settled": {"type": "boolean"}
        },
        "required": ["category", "by", "at", "settled"]
      },
      "flags": {"type": "array", "items": {"type": "string"}},
      "notes": {"type": "integer", "minimum": 0},
      "passed": {"type": "boolean"},
      "conflict": {"type": "boolean"},
      "second_look": {"type": ["string", "null"], "enum": ["wanted", "done", null]}
    },
    "required": [
      "item", "rank", "class", "members", "type", "width", "height", "size", "modified", "name",
      "list", "grades", "known", "coverage", "decision", "flags", "notes", "passed", "conflict",
      "second_look"
    ]
  },
  "QueuePage": {
    "type": "object",
    "properties": {
      "version": {"type": "integer", "minimum": 0},
      "total": {"type": "integer", "description": "Cards in the filtered queue.", "minimum": 0},
      "items_total": {"type": "integer", "minimum": 0},
      "from": {"type": "integer", "minimum": 0},
      "cards": {"type": "array", "items": {"$ref": "#/components/schemas/Card"}, "maxItems": 500}
    },
    "required": ["version", "total", "items_total", "from", "cards"]
  },
  "QueueCounts": {
    "type": "object",
    "properties": {
      "version": {"type": "integer", "minimum": 0},
      "by": {
        "type": "object",
        "properties": {
          "state": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
          "class": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
          "list": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
          "category": {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 0}
          },
          "grade": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
          "type": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
          "source": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
          "folder": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
        },
        "required": ["state", "class", "list", "category", "grade", "type", "source", "folder"]
      },
      "folders": {
        "type": "object",
        "description": "What the marks of folders stand for.",
        "additionalProperties": {"type": "string"}
      }
    },
    "required": ["version", "by", "folders"]
  },
  "Place": {
    "type": "object",
    "properties": {"place": {"type": "integer", "description": "Counted from 0.", "minimum": 0}},
    "required": ["place"]
  },
  "Search": {
    "type": "object",
    "properties": {"text": {"type": "string", "maxLength": 256}},
    "required": ["text"],
    "additionalProperties": false
  },
  "KeptSearch": {
    "type": "object",
    "properties": {
      "search": {
        "type": "string",
        "description": "A mark: the value of the query parameter of that name."
      }
    },
    "required": ["search"]
  },
  "Presence": {
    "type": "object",
    "properties": {"item": {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}},
    "additionalProperties": false
  }
)json";
}

}  // namespace safelight::serve
