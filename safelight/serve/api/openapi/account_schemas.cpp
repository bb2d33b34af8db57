#include "safelight/serve/api/openapi/schema_groups.h"

namespace safelight::serve {

std::string_view account_schemas() {
  return R"json(
  "Problem": {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "properties": {
      "type": {"const": "about:blank"},
      "title": {"type": "string"},
      "status": {"type": "integer", "minimum": 400, "maximum": 599},
      "code": {"type": "string", "description": "Stable: callers branch on it, never on text."},
      "detail": {"type": "string", "description": "A sentence for a person."},
      "conflicts": {
        "type": "array",
        "description": "Of code conflict.",
        "items": {"$ref": "#/components/schemas/Conflict"}
      },
      "until": {
        "description": "Of code break-due: when the break is over.",
        "type": "string",
        "format": "date-time"
      }
    },
    "required": ["type", "title", "status", "code"]
  },
  "Password": {
    "type": "object",
    "properties": {"password": {"type": "string", "maxLength": 1024}},
    "required": ["password"]
  },
  "PasswordChange": {
    "type": "object",
    "properties": {
      "password": {"type": "string", "maxLength": 1024},
      "new_password": {"type": "string", "minLength": 12, "maxLength": 128}
    },
    "required": ["password", "new_password"]
  },
  "SecondFactorSecret": {
    "type": "object",
    "properties": {
      "secret": {"type": "string", "description": "Base32, to be typed."},
      "uri": {"type": "string", "description": "To be shown as a QR code: otpauth://totp/..."}
    },
    "required": ["secret", "uri"]
  },
  "AuditRecords": {
    "type": "object",
    "properties": {
      "total": {"type": "integer", "minimum": 0},
      "records": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "record": {"type": "integer", "minimum": 0},
            "at": {"type": "string", "format": "date-time"},
            "kind": {"type": "string"},
            "says": {"type": "object"}
          },
          "required": ["record", "at", "kind", "says"]
        }
      },
      "head": {
        "type": "string",
        "description": "How the log stands, signed, as a line of a file of heads (docs/formats/audit.md section 5). Kept elsewhere it shows what is changed or cut off later."
      }
    },
    "required": ["total", "records"]
  },
  "Session": {
    "type": "object",
    "properties": {
      "state": {"type": "string", "enum": ["none", "second_factor", "open"]},
      "csrf": {
        "type": "string",
        "description": "Goes in the header X-Safelight-CSRF of whatever changes something."
      },
      "permissions": {
        "type": "array",
        "items": {
          "type": "string",
          "enum": [
            "screen", "lookup", "see_list", "see_distance", "review", "see_path", "reveal",
            "decide", "set_policy", "see_own_exposure", "see_team_exposure", "see_person_exposure",
            "read_audit", "manage_people", "manage_keys", "manage_lists", "export_report",
            "export_originals", "hold", "purge"
          ]
        }
      },
      "idle_seconds": {"type": "integer", "minimum": 0},
      "server": {
        "type": "object",
        "properties": {
          "version": {"type": "string"},
          "mode": {"type": "string", "enum": ["local", "team"]}
        },
        "required": ["version", "mode"]
      },
      "person": {
        "type": "object",
        "properties": {
          "id": {"type": "string"},
          "login": {"type": "string"},
          "name": {"type": "string"},
          "role": {
            "type": "string",
            "enum": ["screen_client", "reviewer", "lead", "list_curator", "auditor", "admin"]
          }
        },
        "required": ["id", "login", "name", "role"],
        "description": "Where the state is open."
      },
      "case": {
        "type": "string",
        "description": "The only case that is open to the person, where there is no choice."
      }
    },
    "required": ["state", "csrf", "permissions", "idle_seconds", "server"]
  },
  "LogIn": {
    "type": "object",
    "properties": {
      "login": {"type": "string", "maxLength": 256},
      "password": {"type": "string", "maxLength": 1024}
    },
    "required": ["login", "password"],
    "additionalProperties": false
  },
  "SecondFactor": {
    "type": "object",
    "properties": {"code": {"type": "string", "maxLength": 256}},
    "required": ["code"],
    "additionalProperties": false
  },
  "Link": {
    "type": "object",
    "properties": {"token": {"type": "string", "maxLength": 256}},
    "required": ["token"],
    "additionalProperties": false
  },
  "Person": {
    "type": "object",
    "properties": {
      "id": {"type": "string"},
      "login": {"type": "string"},
      "name": {"type": "string"},
      "role": {
        "type": "string",
        "enum": ["screen_client", "reviewer", "lead", "list_curator", "auditor", "admin"]
      },
      "state": {"type": "string", "enum": ["active", "disabled"]},
      "second_factor": {"type": "string", "enum": ["on", "off"]},
      "created": {"type": "string", "format": "date-time"}
    },
    "required": ["id", "login", "name", "role", "state", "second_factor", "created"]
  },
  "People": {
    "type": "object",
    "properties": {"people": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}}},
    "required": ["people"]
  },
  "NewPerson": {
    "type": "object",
    "properties": {
      "login": {"type": "string", "maxLength": 1024},
      "name": {"type": "string", "maxLength": 1024},
      "role": {
        "type": "string",
        "enum": ["screen_client", "reviewer", "lead", "list_curator", "auditor", "admin"]
      },
      "password": {"type": "string", "maxLength": 1024}
    },
    "required": ["login", "name", "role", "password"],
    "additionalProperties": false
  },
  "PersonChange": {
    "type": "object",
    "description": "Each member that is there is changed.",
    "properties": {
      "name": {"type": ["string", "null"], "maxLength": 1024},
      "role": {
        "type": ["string", "null"],
        "enum": ["screen_client", "reviewer", "lead", "list_curator", "auditor", "admin", null]
      },
      "state": {"type": ["string", "null"], "enum": ["active", "disabled", null]},
      "second_factor": {"type": ["string", "null"], "enum": ["off", null]},
      "password": {"type": ["string", "null"], "maxLength": 1024}
    },
    "additionalProperties": false
  },
  "Key": {
    "type": "object",
    "properties": {
      "id": {"type": "integer", "minimum": 0},
      "name": {"type": "string"},
      "tenant": {"type": "string"},
      "scopes": {
        "type": "array",
        "items": {"type": "string", "enum": ["screen", "lookup", "review"]}
      },
      "created": {"type": "string", "format": "date-time"},
      "expires": {"type": ["string", "null"], "format": "date-time"},
      "last_used": {"type": ["string", "null"], "format": "date-time"},
      "revoked": {"type": ["string", "null"], "format": "date-time"},
      "certificates": {
        "type": "array",
        "description": "Client certificates that stand for it, by SHA-256 of their DER.",
        "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"}
      }
    },
    "required": [
      "id", "name", "tenant", "scopes", "created", "expires", "last_used", "revoked", "certificates"
    ]
  },
  "Certificate": {
    "type": "object",
    "properties": {
      "sha256": {
        "type": "string",
        "description": "SHA-256 of its DER, as `openssl x509 -outform DER | sha256sum` says.",
        "pattern": "^[0-9a-f]{64}$"
      }
    },
    "required": ["sha256"],
    "additionalProperties": false
  },
  "Keys": {
    "type": "object",
    "properties": {"keys": {"type": "array", "items": {"$ref": "#/components/schemas/Key"}}},
    "required": ["keys"]
  },
  "NewKey": {
    "type": "object",
    "properties": {
      "name": {"type": "string", "maxLength": 1024},
      "tenant": {"type": "string", "maxLength": 1024},
      "scopes": {
        "type": "array",
        "items": {"type": "string", "enum": ["screen", "lookup", "review"]},
        "minItems": 1,
        "maxItems": 3
      },
      "days": {
        "type": ["integer", "null"],
        "description": "After so many it expires.",
        "minimum": 0,
        "maximum": 3660
      }
    },
    "required": ["name", "tenant", "scopes"],
    "additionalProperties": false
  },
  "IssuedKey": {
    "type": "object",
    "properties": {
      "id": {"type": "integer", "minimum": 0},
      "key": {"type": "string", "description": "Shown this once."}
    },
    "required": ["id", "key"]
  }
)json";
}

}  // namespace safelight::serve
