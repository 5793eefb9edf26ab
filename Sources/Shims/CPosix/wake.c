#define _GNU_SOURCE
#include "CPosix_wake.h"

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int arm(int descriptor) {
    // Absolute and far away: it never runs out, but is cancelled when the clock is set.
    struct itimerspec never = {.it_value = {.tv_sec = (time_t)1 << 40}};
    return timerfd_settime(descriptor, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, 0);
}

int CPosix_clock_watch(void) {
    int descriptor = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (descriptor >= 0 && arm(descriptor) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

int CPosix_rearm_clock_watch(int descriptor) {
    uint64_t count;
    // Fails with ECANCELED, which is the news.
    ssize_t ignored = read(descriptor, &count, sizeof count);
    (void)ignored;
    return arm(descriptor);
}

int64_t CPosix_slept_nanoseconds(void) {
    struct timespec running, whole;
    clock_gettime(CLOCK_MONOTONIC, &running);
    clock_gettime(CLOCK_BOOTTIME, &whole);
    return (int64_t)(whole.tv_sec - running.tv_sec) * 1000000000 + (whole.tv_nsec - running.tv_nsec);
}
