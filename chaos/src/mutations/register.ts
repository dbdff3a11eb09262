import { register } from 'node:module';

/** `node --import` this, with HOLDFAST_MUTATION set, and a service runs with one rule broken. Production knows nothing of it. */
register(new URL('./load-mutated.js', import.meta.url));
