#ifndef CPOSIX_CLOCK_H
#define CPOSIX_CLOCK_H

#include <stdint.h>

/* Nanoseconds since 1970 by the wall clock. C's own `struct timespec` has another owner in a statically
 * linked Swift than in a dynamic one, so Swift code that names its fields builds in one of the two only. */
int64_t weir_wall_nanoseconds(void);

/* Nanoseconds by a clock that nobody sets and that only grows. */
int64_t weir_uptime_nanoseconds(void);

/* When a file was last written, in whole seconds since 1970; -1 if it cannot be told. */
int64_t weir_modified_seconds(const char *path);

/* The next of these signals that already waits, or -1; never waits itself. */
int weir_take_signal(int signal_number);

#endif
