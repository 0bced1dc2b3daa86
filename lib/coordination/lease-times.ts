/** How long what a server keeps in the coordinator outlives its last sign of life, in ms. */
export const leaseTtlMs = 5000;
/** How often a server gives a sign of life to its lease, in ms: many may fail before the lease ends. */
export const keepAliveMs = 500;
