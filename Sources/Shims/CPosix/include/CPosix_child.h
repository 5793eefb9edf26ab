#ifndef CPOSIX_CHILD_H
#define CPOSIX_CHILD_H

// What starting a child process needs beyond POSIX: glibc hides it behind _GNU_SOURCE, which Swift does not set.

#include <spawn.h>

/// Adds to the actions: close every descriptor from `first` on. Returns 0 or an error number.
int CPosix_close_from(posix_spawn_file_actions_t *_Nonnull actions, int first);

/// Gives the child a session of its own, and no signal blocked or ignored. Returns 0 or an error number.
int CPosix_own_session(posix_spawnattr_t *_Nonnull attributes);

/// Gives the child a process group of its own that has the terminal, and no signal blocked or ignored. Returns 0 or
/// an error number.
int CPosix_own_foreground_group(posix_spawn_file_actions_t *_Nonnull actions,
                                posix_spawnattr_t *_Nonnull attributes, int terminal);

/// Takes the terminal back from a child that had it. Returns 0, or -1 with errno.
int CPosix_take_terminal(int terminal);

#endif
