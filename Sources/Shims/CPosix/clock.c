#include "CPosix.h"

#include <sys/stat.h>
#include <time.h>

static int64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t weir_wall_nanoseconds(void) { return nanoseconds(CLOCK_REALTIME); }

int64_t weir_uptime_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }

int64_t weir_modified_seconds(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? (int64_t)status.st_mtim.tv_sec : -1;
}

int weir_take_signal(int signal_number) {
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal_number);
    struct timespec immediately = {0};
    return sigtimedwait(&one, NULL, &immediately);
}
