#ifndef CPOSIX_WAKE_H
#define CPOSIX_WAKE_H

#include <stdint.h>

// Waking up after the machine slept (wake.c).

// A descriptor that gets readable when the wall clock jumps, as it does when the machine wakes up; -1 with errno.
int CPosix_clock_watch(void);

// Takes the news from such a descriptor and waits for the next. Returns 0, or -1 with errno.
int CPosix_rearm_clock_watch(int descriptor);

// Nanoseconds that this machine has slept since it started.
int64_t CPosix_slept_nanoseconds(void);

#endif
