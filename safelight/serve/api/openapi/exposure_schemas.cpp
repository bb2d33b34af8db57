#include "safelight/serve/api/openapi/schema_groups.h"

namespace safelight::serve {

std::string_view exposure_schemas() {
  return R"json(
  "Settings": {
    "type": "object",
    "properties": {
      "style": {"$ref": "#/components/schemas/Cover"},
      "columns": {
        "type": "integer",
        "description": "0: as many as fit.",
        "minimum": 0,
        "maximum": 12
      },
      "size": {"type": "string", "enum": ["small", "medium", "large"]},
      "theme": {"type": "string", "enum": ["dark", "light", "system"]},
      "reveal": {"type": "string", "enum": ["hold", "hold_key_only"]},
      "rendition": {"type": "string", "enum": ["grey", "colour"]},
      "keys": {"type": "string", "enum": ["single", "with_alt"]},
      "budget": {
        "type": "object",
        "description": "Null: as the policy has it.",
        "properties": {
          "reveals_a_day": {"type": ["integer", "null"], "minimum": 0, "maximum": 1000000},
          "seconds_a_day": {"type": ["integer", "null"], "minimum": 0, "maximum": 1000000},
          "break_every_minutes": {"type": ["integer", "null"], "minimum": 0, "maximum": 1440},
          "break_minutes": {"type": ["integer", "null"], "minimum": 0, "maximum": 1440}
        },
        "additionalProperties": false
      },
      "interleave": {"type": "boolean"}
    },
    "required": ["style", "columns", "size", "theme", "reveal", "rendition", "keys", "budget", "interleave"],
    "additionalProperties": false
  },
  "Break": {
    "type": "object",
    "properties": {"minutes": {"type": "integer", "minimum": 0, "maximum": 1440}},
    "required": ["minutes"],
    "additionalProperties": false
  },
  "RevealRequest": {
    "type": "object",
    "properties": {
      "rendition": {"type": "string", "enum": ["grey", "colour", "original"]},
      "reason": {"type": ["string", "null"], "maxLength": 2000}
    },
    "required": ["rendition"],
    "additionalProperties": false
  },
  "Granted": {
    "type": "object",
    "properties": {
      "reveal": {"type": "string"},
      "url": {"type": "string", "description": "Gives the picture once."},
      "max_seconds": {"type": "integer", "minimum": 1},
      "budget": {
        "type": "object",
        "properties": {
          "reveals_left": {"type": ["integer", "null"], "minimum": 0},
          "seconds_left": {"type": ["integer", "null"], "minimum": 0}
        },
        "required": ["reveals_left", "seconds_left"]
      }
    },
    "required": ["reveal", "url", "max_seconds", "budget"]
  },
  "RevealEnd": {
    "type": "object",
    "properties": {"shown_ms": {"type": "integer", "minimum": 0}},
    "required": ["shown_ms"],
    "additionalProperties": false
  },
  "ExposureDay": {
    "type": "object",
    "properties": {
      "day": {"type": "string", "format": "date"},
      "reveals": {"type": "integer", "minimum": 0},
      "seconds": {"type": "integer", "minimum": 0}
    },
    "required": ["day", "reveals", "seconds"]
  },
  "Exposure": {
    "type": "object",
    "properties": {
      "today": {
        "type": "object",
        "properties": {
          "reveals": {"type": "integer", "minimum": 0},
          "seconds": {"type": "integer", "minimum": 0},
          "by_category": {
            "type": "object",
            "description": "By the code of a category, or \"undecided\".",
            "additionalProperties": {"type": "integer", "minimum": 0}
          }
        },
        "required": ["reveals", "seconds", "by_category"]
      },
      "days": {"type": "array", "items": {"$ref": "#/components/schemas/ExposureDay"}},
      "budget": {"$ref": "#/components/schemas/Budget"},
      "next_break_at": {"type": ["string", "null"], "format": "date-time"},
      "break_until": {"type": ["string", "null"], "format": "date-time"}
    },
    "required": ["today", "days", "budget", "next_break_at", "break_until"]
  },
  "TeamExposure": {
    "type": "object",
    "properties": {
      "today": {
        "type": "object",
        "properties": {
          "reveals": {"type": "integer", "minimum": 0},
          "seconds": {"type": "integer", "minimum": 0}
        },
        "required": ["reveals", "seconds"]
      },
      "days": {"type": "array", "items": {"$ref": "#/components/schemas/ExposureDay"}},
      "people": {"type": "integer", "minimum": 0}
    },
    "required": ["today", "days", "people"]
  },
  "Reason": {
    "type": "object",
    "properties": {"reason": {"type": "string", "minLength": 1, "maxLength": 2000}},
    "required": ["reason"],
    "additionalProperties": false
  }
)json";
}

}  // namespace safelight::serve
