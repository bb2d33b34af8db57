#include "safelight/serve/api/openapi/schema_groups.h"

namespace safelight::serve {

std::string_view case_schemas() {
  return R"json(
  "Cases": {
    "type": "object",
    "properties": {
      "cases": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "case": {"type": "string"},
            "number": {"type": "string"},
            "exhibit": {"type": "string"},
            "agency": {"type": "string"},
            "examiner": {"type": "string"},
            "time_zone": {"type": "string"},
            "items": {"type": "integer", "minimum": 0},
            "groups": {"type": "integer", "minimum": 0},
            "reviewed": {
              "type": "integer",
              "description": "Groups of which something is decided.",
              "minimum": 0
            },
            "scan": {"type": "string", "enum": ["running", "idle"]}
          },
          "required": [
            "case", "number", "exhibit", "agency", "examiner", "time_zone", "items", "groups",
            "reviewed", "scan"
          ]
        }
      }
    },
    "required": ["cases"]
  },
  "Case": {
    "type": "object",
    "properties": {
      "case": {"type": "string"},
      "number": {"type": "string"},
      "exhibit": {"type": "string"},
      "agency": {"type": "string"},
      "examiner": {"type": "string"},
      "time_zone": {"type": "string"},
      "items": {"type": "integer", "minimum": 0},
      "groups": {"type": "integer", "minimum": 0},
      "created": {"type": "string", "format": "date-time"},
      "lists": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "name": {"type": "string"},
            "version": {"type": "string"},
            "entries": {"type": "integer", "minimum": 0}
          },
          "required": ["name", "version", "entries"]
        }
      },
      "sources": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "source": {"type": "string"},
            "kind": {"type": "string", "enum": ["folder", "file"]}
          },
          "required": ["source", "kind"]
        }
      },
      "scan": {
        "type": "object",
        "properties": {
          "state": {"type": "string", "enum": ["running", "idle"]},
          "run": {"type": "integer", "minimum": 0},
          "started": {"type": "string", "format": "date-time"}
        },
        "required": ["state"]
      },
      "ranking": {
        "type": "object",
        "properties": {"state": {"type": "string", "enum": ["none", "current", "stale"]}},
        "required": ["state"]
      },
      "scheme": {"$ref": "#/components/schemas/Scheme"},
      "policy": {"$ref": "#/components/schemas/Policy"},
      "version": {"type": "integer", "minimum": 0},
      "last_act": {"type": "integer", "minimum": 0}
    },
    "required": [
      "case", "number", "exhibit", "agency", "examiner", "time_zone", "items", "groups", "created",
      "lists", "sources", "scan", "ranking", "scheme", "policy", "version", "last_act"
    ]
  },
  "Scheme": {
    "type": "object",
    "description": "Codes and keys are there once each.",
    "properties": {
      "name": {"type": "string", "maxLength": 200},
      "categories": {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Category"},
        "minItems": 1,
        "maxItems": 40
      }
    },
    "required": ["name", "categories"],
    "additionalProperties": false
  },
  "Category": {
    "type": "object",
    "properties": {
      "code": {"type": "string", "minLength": 1, "maxLength": 16},
      "key": {
        "type": "string",
        "description": "One character, or \"\" for none.",
        "maxLength": 4
      },
      "name": {"type": "string", "minLength": 1, "maxLength": 200},
      "hint": {"type": "string", "maxLength": 2000},
      "colour": {
        "type": "string",
        "enum": ["red", "orange", "yellow", "green", "blue", "violet", "grey"]
      },
      "grave": {"type": "boolean"},
      "second_look": {"type": "boolean"}
    },
    "required": ["code", "key", "name", "hint", "colour", "grave", "second_look"],
    "additionalProperties": false
  },
  "Policy": {
    "type": "object",
    "properties": {
      "second_look": {"type": "boolean"},
      "known_needs_reason": {"type": "boolean"},
      "reveal_max_seconds": {"type": "integer", "minimum": 1, "maximum": 86400},
      "cover_after_idle_seconds": {"type": "integer", "minimum": 1, "maximum": 86400},
      "budget": {"$ref": "#/components/schemas/Budget"},
      "floor": {"$ref": "#/components/schemas/Cover"},
      "interleave_every": {"type": "integer", "minimum": 0, "maximum": 1000000}
    },
    "required": [
      "second_look", "known_needs_reason", "reveal_max_seconds", "cover_after_idle_seconds",
      "budget", "floor", "interleave_every"
    ],
    "additionalProperties": false
  },
  "Budget": {
    "type": "object",
    "description": "Null: without a limit.",
    "properties": {
      "reveals_a_day": {"type": ["integer", "null"], "minimum": 0, "maximum": 1000000},
      "seconds_a_day": {"type": ["integer", "null"], "minimum": 0, "maximum": 86400},
      "break_every_minutes": {
        "type": "integer",
        "description": "0: no breaks.",
        "minimum": 0,
        "maximum": 1440
      },
      "break_minutes": {"type": "integer", "minimum": 0, "maximum": 1440}
    },
    "required": ["reveals_a_day", "seconds_a_day", "break_every_minutes", "break_minutes"],
    "additionalProperties": false
  },
  "Cover": {
    "type": "string",
    "enum": ["card", "drawing", "blur", "grey"],
    "description": "How an item is covered, the most covered first."
  },
  "Charts": {
    "type": "object",
    "properties": {
      "composition": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"class": {"type": "string"}, "items": {"type": "integer", "minimum": 0}},
          "required": ["class", "items"]
        }
      },
      "types": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"type": {"type": "string"}, "items": {"type": "integer", "minimum": 0}},
          "required": ["type", "items"]
        }
      },
      "grades": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"grade": {"type": "string"}, "items": {"type": "integer", "minimum": 0}},
          "required": ["grade", "items"]
        }
      },
      "timeline": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
            "items": {"type": "integer", "minimum": 0}
          },
          "required": ["month", "items"]
        }
      },
      "progress": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "day": {"type": "string", "format": "date"},
            "decided": {"type": "integer", "minimum": 0}
          },
          "required": ["day", "decided"]
        }
      },
      "lists": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "list": {"type": "string"},
            "category": {"type": "string"},
            "items": {"type": "integer", "minimum": 0}
          },
          "required": ["list", "category", "items"]
        }
      },
      "left": {"type": "integer", "description": "Cards with something open.", "minimum": 0}
    },
    "required": ["composition", "types", "grades", "timeline", "progress", "lists", "left"]
  },
  "ReportRequest": {
    "type": "object",
    "properties": {"format": {"type": "string", "enum": ["html", "csv", "json"]}},
    "required": ["format"],
    "additionalProperties": false
  },
  "Report": {
    "type": "object",
    "properties": {
      "url": {"type": "string"},
      "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    },
    "required": ["url", "sha256"]
  },
  "Summary": {
    "type": "object",
    "description": "What a case came to, signed: docs/formats/summary.md.",
    "properties": {
      "summary": {"type": "string"},
      "key": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
      "signature": {"type": "string", "pattern": "^[0-9a-f]{128}$"}
    },
    "required": ["summary", "key", "signature"]
  }
)json";
}

}  // namespace safelight::serve
