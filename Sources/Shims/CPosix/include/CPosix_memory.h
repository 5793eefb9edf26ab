#ifndef CPOSIX_MEMORY_H
#define CPOSIX_MEMORY_H

/* Makes the allocator give back what a process with many short-lived threads would otherwise keep: glibc opens up
 * to eight arenas a core, each with its own holes, and learns from one large answer to keep all that follow. */
void weir_frugal_memory(void);

#endif
