#define _GNU_SOURCE
#include "CPosix_child.h"
#include <signal.h>
#include <unistd.h>
#include <pthread.h>

int CPosix_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int CPosix_own_session(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (code == 0) {
        code = posix_spawnattr_setsigdefault(attributes, &all);
    }
    if (code == 0) {
        code = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    return code;
}

int CPosix_own_foreground_group(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int terminal) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (code == 0) code = posix_spawnattr_setsigdefault(attributes, &all);
    if (code == 0) code = posix_spawnattr_setpgroup(attributes, 0);
    if (code == 0) {
        code = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    if (code == 0) code = posix_spawn_file_actions_addtcsetpgrp_np(actions, terminal);
    return code;
}

int CPosix_take_terminal(int terminal) {
    // Whoever asks from the background is stopped for it, unless the signal is blocked.
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    int code = tcsetpgrp(terminal, getpgrp());
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}
