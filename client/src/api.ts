export interface paths {
    "/v1/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show one's own balance */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            balance: {
                                /** @description minor units */
                                amount: number;
                                /** @description ISO 4217 code */
                                currency: string;
                            };
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: user-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "user-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/balance/charges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Charge one's own balance */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description Made by the client, one for each thing that it wants done: 1–255 visible ASCII characters. */
                    "idempotency-key": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description minor units of the currency */
                        amount: number;
                        /** @description ISO 4217 code */
                        currency: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            chargeId: string;
                            balance: {
                                /** @description minor units */
                                amount: number;
                                /** @description ISO 4217 code */
                                currency: string;
                            };
                        };
                    };
                };
                /** @description Bad Request: validation, idempotency-key-required */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation" | "idempotency-key-required";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: user-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "user-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Conflict: currency-mismatch, balance-limit-exceeded */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "currency-mismatch" | "balance-limit-exceeded";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unprocessable Entity: idempotency-key-reused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "idempotency-key-reused";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/balance/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what has changed one's own balance, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description items in a page, at most */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                entryId: string;
                                /**
                                 * @description payment: taken for one; refund: back, since that payment failed or was taken back
                                 * @enum {unknown}
                                 */
                                kind: "charge" | "payment" | "refund";
                                /** @description minor units: above zero what came in, below zero what went out */
                                amount: number;
                                /** @description ISO 4217 code */
                                currency: string;
                                /** @description minor units */
                                balanceAfter: number;
                                /** Format: date-time */
                                at: string;
                                /**
                                 * Format: uuid
                                 * @description what it was paid for
                                 */
                                reservationId?: string;
                            }[];
                            /** @description absent on the last page */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: user-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "user-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/concerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the concerts, by title */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description items in a page, at most */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                concertId: string;
                                title: string;
                                venue: string;
                            }[];
                            /** @description absent on the last page */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/concerts/{concertId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a concert */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    concertId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            concertId: string;
                            title: string;
                            venue: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: concert-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "concert-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/concerts/{concertId}/performances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a concert's performances, by when they start */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description items in a page, at most */
                    limit?: number;
                };
                header?: never;
                path: {
                    concertId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                performanceId: string;
                                /** Format: date-time */
                                startsAt: string;
                            }[];
                            /** @description absent on the last page */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: concert-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "concert-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dev/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a user with an account */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /** @description ISO 4217 code */
                        currency?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            userId: string;
                            accessToken: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pay held seats, all of a reservation at once */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description Made by the client, one for each thing that it wants done: 1–255 visible ASCII characters. */
                    "idempotency-key": string;
                    /** @description as given by POST /v1/tokens */
                    "queue-token": string;
                    /** @description RFC 7240: `wait=N` (seconds, at most 30) or `respond-async` */
                    prefer?: string;
                    /** @description failure on demand, where HOLDFAST_FAULTS=1 */
                    "holdfast-fault"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        reservationId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            paymentId: string;
                            /** Format: uuid */
                            reservationId: string;
                            /** @description minor units */
                            amount: number;
                            /** @description ISO 4217 code */
                            currency: string;
                            /** @enum {string} */
                            status: "COMPLETED";
                            /** Format: uuid */
                            sagaId: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            sagaId: string;
                            /** @enum {unknown} */
                            status: "RUNNING" | "COMPENSATING" | "COMPLETED" | "COMPENSATED" | "PARKED" | "SETTLED";
                        };
                    };
                };
                /** @description Bad Request: validation, idempotency-key-required */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation" | "idempotency-key-required";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payment Required: insufficient-balance */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "insufficient-balance";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Forbidden: token-not-active, faults-disabled */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "token-not-active" | "faults-disabled";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: reservation-not-found, user-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "reservation-not-found" | "user-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Conflict: hold-expired, already-paid, already-refunded, currency-mismatch, seat-locked, saga-settled */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "hold-expired" | "already-paid" | "already-refunded" | "currency-mismatch" | "seat-locked" | "saga-settled";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unprocessable Entity: idempotency-key-reused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "idempotency-key-reused";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable, saga-compensated */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable" | "saga-compensated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments/{paymentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a payment of one's own */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    paymentId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            paymentId: string;
                            /** Format: uuid */
                            reservationId: string;
                            /** @description minor units of the currency */
                            amount: number;
                            /** @description ISO 4217 code */
                            currency: string;
                            /** @enum {unknown} */
                            status: "COMPLETED" | "CANCELLED" | "REFUNDED";
                            /** Format: uuid */
                            sagaId: string;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: payment-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payment-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/performances/{performanceId}/seat-map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the layout of a performance's seats
         * @description All seats, in the order in which `…/seat-map/status` and `…/seat-map/events` count them. It is the same for everybody, and may be kept: where `version` in one of those is another, load it anew.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETags of what the client has */
                    "if-none-match"?: string;
                };
                path: {
                    performanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            performanceId: string;
                            /** @description of the layout; another one, and indexes mean other seats */
                            version: string;
                            /** @description how many */
                            seats: number;
                            /** @description Counted from 0 as they come here, section by section and row by row, seats have their indexes. */
                            sections: {
                                name: string;
                                rows: {
                                    row: number;
                                    price: {
                                        /** @description minor units of the currency */
                                        amount: number;
                                        /** @description ISO 4217 code */
                                        currency: string;
                                    };
                                    /** @description of the seats, ascending */
                                    numbers: number[];
                                    /** @description of the same seats, in the same order */
                                    concertSeatIds: string[];
                                }[];
                            }[];
                        };
                    };
                };
                /** @description The client has it as it is. */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: performance-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "performance-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/performances/{performanceId}/seat-map/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the seats of a performance
         * @description Server-sent events: `seats` with the statuses of seats that may have changed, several times a second at most; `reset` where what has changed since `after` isn’t known: load the status anew and follow from its position. After `reset` the stream ends; it also ends after some minutes: come again with the last position. It begins with the changes since `Last-Event-ID` or `after`, and without either with none.
         */
        get: {
            parameters: {
                query?: {
                    /** @description a moment from which changes can be followed; opaque */
                    after?: string;
                };
                header?: {
                    /** @description a moment from which changes can be followed; opaque */
                    "last-event-id"?: string;
                };
                path: {
                    performanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description until the client leaves, `reset`, or minutes have passed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": {
                            /** @enum {unknown} */
                            event: "seats";
                            data: {
                                /** @description of the layout that the indexes are of */
                                version: string;
                                /** @description a moment from which changes can be followed; opaque */
                                position: string;
                                /** @description index and status of each seat that may have changed, in no order */
                                changes: [
                                    number,
                                    "A" | "H" | "S"
                                ][];
                            };
                        } | {
                            /** @enum {unknown} */
                            event: "reset";
                            data: {
                                /** @description of the layout as it is now */
                                version: string;
                            };
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: performance-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "performance-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Too Many Requests: too-many-requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "too-many-requests";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/performances/{performanceId}/seat-map/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show which seats are available, held and sold
         * @description As it was within the last second. With an access token `mine` says which seats are one’s own, held or bought, as it is this very moment, and `statuses` has them so as well.
         */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description ETags of what the client has */
                    "if-none-match"?: string;
                };
                path: {
                    performanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            performanceId: string;
                            /** @description of the layout whose order this is in */
                            version: string;
                            /** @description a moment from which changes can be followed; opaque */
                            position: string;
                            /** @description a character for each seat, by its index: A available, H held, S sold */
                            statuses: string;
                            /** @description indexes of the user's own seats, ascending */
                            mine: number[];
                        } | {
                            /** Format: uuid */
                            performanceId: string;
                            /** @description of the layout whose order this is in */
                            version: string;
                            /** @description a moment from which changes can be followed; opaque */
                            position: string;
                            /** @description a character for each seat, by its index: A available, H held, S sold */
                            statuses: string;
                        };
                    };
                };
                /** @description The client has it as it is. */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: performance-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "performance-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/performances/{performanceId}/seats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a performance's seats, by section, row and number */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description items in a page, at most */
                    limit?: number;
                };
                header?: never;
                path: {
                    performanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                concertSeatId: string;
                                section: string;
                                row: number;
                                number: number;
                                price: {
                                    /** @description minor units of the currency */
                                    amount: number;
                                    /** @description ISO 4217 code */
                                    currency: string;
                                };
                                /** @enum {unknown} */
                                status: "AVAILABLE" | "HELD" | "SOLD";
                            }[];
                            /** @description absent on the last page */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: performance-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "performance-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{concertId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show how a concert’s queue stands and whom it admits; for operators and viewers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    concertId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            concertId: string;
                            policy: {
                                /** @description how many users are admitted at once; 0 admits nobody */
                                maxActive: number;
                                /** @description how many are admitted in any one second; 0 admits nobody */
                                maxPerSecond: number;
                            };
                            waiting: number;
                            active: number;
                            /** @description so far */
                            admitted: number;
                            /** @description left, or stopped asking, before they were admitted */
                            gone: number;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Forbidden: forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "forbidden";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{concertId}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set whom a concert’s queue admits, from now on and on all instances; for operators */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    concertId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description how many users are admitted at once; 0 admits nobody */
                        maxActive: number;
                        /** @description how many are admitted in any one second; 0 admits nobody */
                        maxPerSecond: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description how many users are admitted at once; 0 admits nobody */
                            maxActive: number;
                            /** @description how many are admitted in any one second; 0 admits nobody */
                            maxPerSecond: number;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Forbidden: forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "forbidden";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: concert-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "concert-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refund a paid reservation: the price goes to the balance, the seats are free again */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description Made by the client, one for each thing that it wants done: 1–255 visible ASCII characters. */
                    "idempotency-key": string;
                    /** @description RFC 7240: `wait=N` (seconds, at most 30) or `respond-async` */
                    prefer?: string;
                    /** @description failure on demand, where HOLDFAST_FAULTS=1 */
                    "holdfast-fault"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        reservationId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            paymentId: string;
                            /** Format: uuid */
                            reservationId: string;
                            /** @description minor units */
                            amount: number;
                            /** @description ISO 4217 code */
                            currency: string;
                            /** @enum {string} */
                            status: "REFUNDED";
                            /** Format: uuid */
                            sagaId: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            sagaId: string;
                            /** @enum {unknown} */
                            status: "RUNNING" | "COMPENSATING" | "COMPLETED" | "COMPENSATED" | "PARKED" | "SETTLED";
                        };
                    };
                };
                /** @description Bad Request: validation, idempotency-key-required */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation" | "idempotency-key-required";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Forbidden: faults-disabled */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "faults-disabled";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: reservation-not-found, user-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "reservation-not-found" | "user-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Conflict: not-paid, already-refunded, currency-mismatch, seat-locked, saga-settled */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "not-paid" | "already-refunded" | "currency-mismatch" | "seat-locked" | "saga-settled";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unprocessable Entity: idempotency-key-reused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "idempotency-key-reused";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable, saga-compensated */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable" | "saga-compensated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold seats of one performance, all or none */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description Made by the client, one for each thing that it wants done: 1–255 visible ASCII characters. */
                    "idempotency-key"?: string;
                    /** @description as given by POST /v1/tokens */
                    "queue-token": string;
                    /** @description RFC 7240: `wait=N` (seconds, at most 30) or `respond-async` */
                    prefer?: string;
                    /** @description failure on demand, where HOLDFAST_FAULTS=1 */
                    "holdfast-fault"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        concertSeatIds: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            reservationId: string;
                            concertSeatIds: string[];
                            /** @enum {string} */
                            status: "TEMPORARY_HOLD";
                            /** Format: date-time */
                            holdExpiresAt: string;
                            price: {
                                /** @description minor units of the currency */
                                amount: number;
                                /** @description ISO 4217 code */
                                currency: string;
                            };
                            /** Format: uuid */
                            sagaId: string;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            sagaId: string;
                            /** @enum {unknown} */
                            status: "RUNNING" | "COMPENSATING" | "COMPLETED" | "COMPENSATED" | "PARKED" | "SETTLED";
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Forbidden: token-not-active, faults-disabled */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "token-not-active" | "faults-disabled";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: seat-not-found, user-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "seat-not-found" | "user-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Conflict: seat-taken, seat-limit-exceeded, seats-not-together, currency-mismatch, seat-locked, saga-settled */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "seat-taken" | "seat-limit-exceeded" | "seats-not-together" | "currency-mismatch" | "seat-locked" | "saga-settled";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unprocessable Entity: idempotency-key-reused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "idempotency-key-reused";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable, saga-compensated */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable" | "saga-compensated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reservations/{reservationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a reservation of one's own */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    reservationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            reservationId: string;
                            concertSeatIds: string[];
                            /** Format: uuid */
                            concertId: string;
                            /** Format: uuid */
                            performanceId: string;
                            /** @enum {unknown} */
                            status: "TEMPORARY_HOLD" | "PAID" | "EXPIRED" | "CANCELLED" | "REFUNDED";
                            /** Format: date-time */
                            holdExpiresAt: string;
                            price: {
                                /** @description minor units of the currency */
                                amount: number;
                                /** @description ISO 4217 code */
                                currency: string;
                            };
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: reservation-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "reservation-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Cancel a hold: all its seats are free again. It may be repeated */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    reservationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: reservation-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "reservation-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Conflict: seat-locked, already-paid */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "seat-locked" | "already-paid";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{sagaId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a saga stands */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sagaId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            sagaId: string;
                            type: string;
                            /** @enum {unknown} */
                            status: "RUNNING" | "COMPENSATING" | "COMPLETED" | "COMPENSATED" | "PARKED" | "SETTLED";
                            steps: {
                                name: string;
                                /** @enum {unknown} */
                                status: "PENDING" | "SENT" | "DONE" | "REFUSED" | "UNKNOWN" | "UNDOING" | "UNDONE";
                                attempts: number;
                                /** Format: date-time */
                                startedAt?: string;
                                /** Format: date-time */
                                endedAt?: string;
                            }[];
                            failure?: {
                                /** @description such as BalanceDeductionFailed */
                                type: string;
                                step: string;
                                /** @enum {unknown} */
                                outcome: "refused" | "unknown";
                                code: string;
                                detail?: string;
                            };
                            parkedReason?: string;
                            /** Format: date-time */
                            startedAt: string;
                            /** Format: date-time */
                            endedAt?: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: saga-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "saga-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a queue token: for a concert, or to pay for a hold of one’s own */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Made by the client, one for each thing that it wants done: 1–255 visible ASCII characters. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        concertId?: string;
                        /** Format: uuid */
                        reservationId?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description sent as the Queue-Token header */
                            token: string;
                            /** @enum {unknown} */
                            status: "WAITING" | "ACTIVE";
                            /** @description in the queue: 1 is admitted next, 0 is admitted */
                            position: number;
                            /** @description milliseconds until admitted, as fast as the queue moves now; left out while it stands still */
                            estimatedWaitMs?: number;
                            /**
                             * Format: date-time
                             * @description of an active token; a waiting one lasts that long at least, and longer with each look at it
                             */
                            expiresAt: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: concert-not-found, reservation-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "concert-not-found" | "reservation-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Conflict: already-paid, already-refunded, hold-expired */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "already-paid" | "already-refunded" | "hold-expired";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unprocessable Entity: idempotency-key-reused */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "idempotency-key-reused";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Too Many Requests: too-many-requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "too-many-requests";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one's place in the queue
         * @description Who waits is told by `Retry-After` when to ask again: the further back, the later.
         */
        get: {
            parameters: {
                query?: never;
                header: {
                    /** @description as given by `POST /v1/tokens` */
                    "queue-token": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description sent as the Queue-Token header */
                            token: string;
                            /** @enum {unknown} */
                            status: "WAITING" | "ACTIVE";
                            /** @description in the queue: 1 is admitted next, 0 is admitted */
                            position: number;
                            /** @description milliseconds until admitted, as fast as the queue moves now; left out while it stands still */
                            estimatedWaitMs?: number;
                            /**
                             * Format: date-time
                             * @description of an active token; a waiting one lasts that long at least, and longer with each look at it
                             */
                            expiresAt: string;
                            /** Format: uuid */
                            concertId?: string;
                            /** Format: uuid */
                            reservationId?: string;
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: token-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "token-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Too Many Requests: too-many-requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "too-many-requests";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Leave the queue, or give an active token back */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description as given by `POST /v1/tokens` */
                    "queue-token": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: token-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "token-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Conflict: token-in-use */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "token-in-use";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Payload Too Large: payload-too-large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "payload-too-large";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unsupported Media Type: unsupported-media-type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unsupported-media-type";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Too Many Requests: too-many-requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "too-many-requests";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/me/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow one's place in the queue
         * @description Server-sent events: `place`, with the body of `GET /v1/tokens/me` as its data, at once and when it has changed; `gone` when the token is. After `gone` and after a place that is `ACTIVE` the stream ends; it also ends after some minutes: ask again then.
         */
        get: {
            parameters: {
                query?: never;
                header: {
                    /** @description as given by `POST /v1/tokens` */
                    "queue-token": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description until a place is `ACTIVE` or gone, or minutes have passed */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": {
                            /** @enum {unknown} */
                            event: "place";
                            data: {
                                /** @description sent as the Queue-Token header */
                                token: string;
                                /** @enum {unknown} */
                                status: "WAITING" | "ACTIVE";
                                /** @description in the queue: 1 is admitted next, 0 is admitted */
                                position: number;
                                /** @description milliseconds until admitted, as fast as the queue moves now; left out while it stands still */
                                estimatedWaitMs?: number;
                                /**
                                 * Format: date-time
                                 * @description of an active token; a waiting one lasts that long at least, and longer with each look at it
                                 */
                                expiresAt: string;
                                /** Format: uuid */
                                concertId?: string;
                                /** Format: uuid */
                                reservationId?: string;
                            };
                        } | {
                            /** @enum {unknown} */
                            event: "gone";
                            data: {
                                /** @enum {unknown} */
                                code: "token-not-found";
                            };
                        };
                    };
                };
                /** @description Bad Request: validation */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "validation";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Unauthorized: unauthenticated */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "unauthenticated";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Not Found: token-not-found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "token-not-found";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Too Many Requests: too-many-requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "too-many-requests";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description Service Unavailable: overloaded, unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": {
                            /** Format: uri */
                            type: string;
                            title: string;
                            status: number;
                            /** @enum {string} */
                            code: "overloaded" | "unavailable";
                            detail?: string;
                            errors?: {
                                path: string;
                                message: string;
                            }[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
