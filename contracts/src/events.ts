// Made of published/*.json by `npm run publish-schemas`.
export const contracts = {
  "balance.charged": {
    "topic": "balance.events",
    "key": "userId",
    "dataschema": "urn:holdfast:event:balance.charged:v1",
    "description": "A user put money on their balance.",
    "data": {
      "type": "object",
      "required": [
        "userId",
        "entryId",
        "money",
        "balance"
      ],
      "properties": {
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "entryId": {
          "type": "string",
          "format": "uuid"
        },
        "money": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        },
        "balance": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 9007199254740991,
              "description": "minor units"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        }
      }
    }
  },
  "balance.credited": {
    "topic": "balance.events",
    "key": "userId",
    "dataschema": "urn:holdfast:event:balance.credited:v1",
    "description": "A completed payment was refunded and its price is back on the balance.",
    "data": {
      "type": "object",
      "required": [
        "userId",
        "entryId",
        "money",
        "balance"
      ],
      "properties": {
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "entryId": {
          "type": "string",
          "format": "uuid"
        },
        "money": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        },
        "balance": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 9007199254740991,
              "description": "minor units"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        }
      }
    }
  },
  "balance.deducted": {
    "topic": "balance.events",
    "key": "userId",
    "dataschema": "urn:holdfast:event:balance.deducted:v1",
    "description": "A payment took money off a balance. It may still be refunded: follow payment.completed for sales.",
    "data": {
      "type": "object",
      "required": [
        "userId",
        "entryId",
        "money",
        "balance"
      ],
      "properties": {
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "entryId": {
          "type": "string",
          "format": "uuid"
        },
        "money": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        },
        "balance": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 9007199254740991,
              "description": "minor units"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        }
      }
    }
  },
  "balance.refunded": {
    "topic": "balance.events",
    "key": "userId",
    "dataschema": "urn:holdfast:event:balance.refunded:v1",
    "description": "A payment failed and its money is back on the balance.",
    "data": {
      "type": "object",
      "required": [
        "userId",
        "entryId",
        "money",
        "balance"
      ],
      "properties": {
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "entryId": {
          "type": "string",
          "format": "uuid"
        },
        "money": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        },
        "balance": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 9007199254740991,
              "description": "minor units"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        }
      }
    }
  },
  "payment.cancelled": {
    "topic": "payment.events",
    "key": "reservationId",
    "dataschema": "urn:holdfast:event:payment.cancelled:v1",
    "description": "A payment that had been made was undone, because its saga failed.",
    "data": {
      "type": "object",
      "required": [
        "paymentId",
        "reservationId",
        "userId",
        "price"
      ],
      "properties": {
        "paymentId": {
          "type": "string",
          "format": "uuid"
        },
        "reservationId": {
          "type": "string",
          "format": "uuid"
        },
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "price": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        }
      }
    }
  },
  "payment.completed": {
    "topic": "payment.events",
    "key": "reservationId",
    "dataschema": "urn:holdfast:event:payment.completed:v1",
    "description": "A payment saga has ended well: balance deducted, payment made, reservation paid. Only a refund ends it.",
    "data": {
      "type": "object",
      "required": [
        "paymentId",
        "reservationId",
        "userId",
        "price"
      ],
      "properties": {
        "paymentId": {
          "type": "string",
          "format": "uuid"
        },
        "reservationId": {
          "type": "string",
          "format": "uuid"
        },
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "price": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        }
      }
    }
  },
  "payment.refunded": {
    "topic": "payment.events",
    "key": "reservationId",
    "dataschema": "urn:holdfast:event:payment.refunded:v1",
    "description": "A refund saga has ended well: the price is back on the balance, the seats are free again. It is final.",
    "data": {
      "type": "object",
      "required": [
        "paymentId",
        "reservationId",
        "userId",
        "price"
      ],
      "properties": {
        "paymentId": {
          "type": "string",
          "format": "uuid"
        },
        "reservationId": {
          "type": "string",
          "format": "uuid"
        },
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "price": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        }
      }
    }
  },
  "reservation.held": {
    "topic": "reservation.events",
    "key": "reservationId",
    "dataschema": "urn:holdfast:event:reservation.held:v1",
    "description": "Seats are held for a user until holdExpiresAt, or longer while they are being paid; all of them or none.",
    "data": {
      "type": "object",
      "required": [
        "reservationId",
        "concertSeatIds",
        "userId",
        "price",
        "holdExpiresAt"
      ],
      "properties": {
        "reservationId": {
          "type": "string",
          "format": "uuid"
        },
        "concertSeatIds": {
          "type": "array",
          "items": {
            "type": "string",
            "format": "uuid"
          },
          "minItems": 1,
          "maxItems": 50,
          "uniqueItems": true
        },
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "price": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        },
        "holdExpiresAt": {
          "type": "string",
          "format": "date-time"
        }
      }
    }
  },
  "reservation.paid": {
    "topic": "reservation.events",
    "key": "reservationId",
    "dataschema": "urn:holdfast:event:reservation.paid:v1",
    "description": "The held seats are sold.",
    "data": {
      "type": "object",
      "required": [
        "reservationId",
        "concertSeatIds",
        "userId",
        "price"
      ],
      "properties": {
        "reservationId": {
          "type": "string",
          "format": "uuid"
        },
        "concertSeatIds": {
          "type": "array",
          "items": {
            "type": "string",
            "format": "uuid"
          },
          "minItems": 1,
          "maxItems": 50,
          "uniqueItems": true
        },
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "price": {
          "type": "object",
          "required": [
            "amount",
            "currency"
          ],
          "properties": {
            "amount": {
              "type": "integer",
              "minimum": 0,
              "maximum": 1000000000000,
              "description": "minor units of the currency"
            },
            "currency": {
              "type": "string",
              "pattern": "^[A-Z]{3}$",
              "description": "ISO 4217 code"
            }
          }
        }
      }
    }
  },
  "reservation.released": {
    "topic": "reservation.events",
    "key": "reservationId",
    "dataschema": "urn:holdfast:event:reservation.released:v1",
    "description": "The seats are free again.",
    "data": {
      "type": "object",
      "required": [
        "reservationId",
        "concertSeatIds",
        "userId",
        "reason"
      ],
      "properties": {
        "reservationId": {
          "type": "string",
          "format": "uuid"
        },
        "concertSeatIds": {
          "type": "array",
          "items": {
            "type": "string",
            "format": "uuid"
          },
          "minItems": 1,
          "maxItems": 50,
          "uniqueItems": true
        },
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "reason": {
          "enum": [
            "expired",
            "cancelled",
            "refunded"
          ]
        }
      }
    }
  },
  "token.activated": {
    "topic": "token.events",
    "key": "tokenId",
    "dataschema": "urn:holdfast:event:token.activated:v1",
    "description": "A waiting user is admitted until expiresAt.",
    "data": {
      "type": "object",
      "required": [
        "tokenId",
        "userId",
        "expiresAt"
      ],
      "properties": {
        "tokenId": {
          "type": "string",
          "format": "uuid"
        },
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "concertId": {
          "type": "string",
          "format": "uuid"
        },
        "reservationId": {
          "type": "string",
          "format": "uuid"
        },
        "expiresAt": {
          "type": "string",
          "format": "date-time"
        }
      }
    }
  },
  "token.deleted": {
    "topic": "token.events",
    "key": "tokenId",
    "dataschema": "urn:holdfast:event:token.deleted:v1",
    "description": "A token is gone: it was used, given back or ran out.",
    "data": {
      "type": "object",
      "required": [
        "tokenId",
        "userId",
        "reason"
      ],
      "properties": {
        "tokenId": {
          "type": "string",
          "format": "uuid"
        },
        "userId": {
          "type": "string",
          "format": "uuid"
        },
        "concertId": {
          "type": "string",
          "format": "uuid"
        },
        "reservationId": {
          "type": "string",
          "format": "uuid"
        },
        "reason": {
          "enum": [
            "used",
            "left",
            "expired"
          ]
        }
      }
    }
  }
} as const;
