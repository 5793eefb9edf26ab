#ifndef CPOSIX_TERMINAL_H
#define CPOSIX_TERMINAL_H

// What a terminal program needs of the system and Swift cannot call or must not run: variadic calls, a fork, and
// the code that runs inside a signal handler.

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

// MARK: Calls with variable arguments, or hidden behind _GNU_SOURCE

// Both return 0, or -1 with errno. ioctl(2) is variadic.
int CPosix_window_size(int fd, unsigned short *rows, unsigned short *columns);
int CPosix_set_window_size(int fd, unsigned short rows, unsigned short columns);

// An unnamed file in memory, closed on exec; -1 with errno. With `append`, all writing goes to its end.
int CPosix_memory_file(const char *name, bool append);

// Another descriptor for the same file, closed on exec; -1 with errno. fcntl(2) is variadic.
int CPosix_duplicate(int fd);

// A descriptor that is readable when the process has ended; -1 with errno.
int CPosix_process_descriptor(pid_t pid);

// open(2) without its variadic mode.
int CPosix_open(const char *path, int flags);

// MARK: Processes on pseudo-terminals

// Starts a program as leader of a session of its own, with a new pseudo-terminal as its controlling terminal and
// standard streams, all signals at their defaults and unblocked, and no other descriptor of this process.
//
// Forking in Swift is not safe: between fork and exec only C that allocates nothing runs.
// Returns the process id and the terminal's other end, or -1 with errno. A program that cannot be run ends with 127.
pid_t CPosix_spawn_pty(const char *path, char *const arguments[], char *const environment[],
                       const char *directory, unsigned short rows, unsigned short columns, int *terminal);

// Decoding of wait(2)'s status, which is macros.
bool CPosix_exited(int status);
int CPosix_exit_code(int status);
int CPosix_ending_signal(int status);

// MARK: A terminal left clean by a crash

// What to do when this process dies of a fault: write `bytes` to `terminal`, put its modes back, and, when
// `captured` is a descriptor, copy the end of what was captured there to `standard_error`.
// Bytes beyond 512 are ignored. Replaces an earlier preparation.
void CPosix_rescue_prepare(int terminal, const struct termios *modes, const void *bytes, size_t count,
                           int captured, int standard_error);

// Nothing is left to put back.
void CPosix_rescue_disarm(void);

// Catches SIGSEGV, SIGABRT, SIGILL, SIGBUS, SIGTRAP, SIGFPE, SIGQUIT and a plain exit(3). After the rescue the signal
// takes its default course, so that the exit status and the core file are those of the fault.
// The calling thread gets a stack of its own for the handler, for the case that its own has run out.
void CPosix_rescue_install(void);

#endif
