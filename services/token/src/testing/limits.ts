import type { Limits } from '../http/limits.ts';

/** Anyone may ask as often as they like. */
export const noLimits: Limits = { ofAddress: async () => undefined, ofUser: async () => undefined };
