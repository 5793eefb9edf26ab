#define _GNU_SOURCE
#include "CPosix.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

int CPosix_window_size(int fd, unsigned short *rows, unsigned short *columns) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int CPosix_set_window_size(int fd, unsigned short rows, unsigned short columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(fd, TIOCSWINSZ, &size);
}

int CPosix_memory_file(const char *name, bool append) {
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd >= 0 && append) fcntl(fd, F_SETFL, O_APPEND);
    return fd;
}

int CPosix_duplicate(int fd) {
    return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

int CPosix_process_descriptor(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int CPosix_open(const char *path, int flags) {
    return open(path, flags);
}

pid_t CPosix_spawn_pty(const char *path, char *const arguments[], char *const environment[],
                       const char *directory, unsigned short rows, unsigned short columns, int *terminal) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    sigset_t every, before;
    // No handler of this process may run in the child before exec has replaced it.
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    pid_t child = forkpty(terminal, NULL, NULL, &size);
    if (child == 0) {
        struct sigaction plain = {.sa_handler = SIG_DFL};
        for (int number = 1; number < NSIG; number++) sigaction(number, &plain, NULL);
        syscall(SYS_close_range, 3U, ~0U, 0U);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        if (directory == NULL || chdir(directory) == 0) execve(path, arguments, environment);
        _exit(127);
    }
    int code = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0) {
        fcntl(*terminal, F_SETFD, FD_CLOEXEC);
        fcntl(*terminal, F_SETFL, O_NONBLOCK);
    }
    errno = code;
    return child;
}

bool CPosix_exited(int status) { return WIFEXITED(status); }
int CPosix_exit_code(int status) { return WEXITSTATUS(status); }
int CPosix_ending_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

static volatile sig_atomic_t armed;
static int rescue_terminal = -1;
static int rescue_captured = -1;
static int rescue_standard_error = -1;
static struct termios rescue_modes;
static unsigned char rescue_bytes[512];
static size_t rescue_count;

// Writes what the terminal takes within a moment; a stalled line must not keep a dead process.
static void write_soon(int fd, const unsigned char *bytes, size_t count) {
    for (int attempts = 0; count > 0 && attempts < 20;) {
        ssize_t written = write(fd, bytes, count);
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        } else if (written < 0 && errno == EAGAIN) {
            struct pollfd ready = {.fd = fd, .events = POLLOUT};
            poll(&ready, 1, 50);
            attempts++;
        } else if (written < 0 && errno == EINTR) {
            attempts++;
        } else {
            return;
        }
    }
}

static void copy_captured(void) {
    static unsigned char text[16 * 1024];
    off_t end = lseek(rescue_captured, 0, SEEK_END);
    if (end <= 0) return;
    off_t start = end > (off_t)sizeof text ? end - (off_t)sizeof text : 0;
    ssize_t count = pread(rescue_captured, text, sizeof text, start);
    if (count > 0) write_soon(rescue_standard_error, text, (size_t)count);
}

// Only calls that POSIX allows in a signal handler.
static void rescue(void) {
    if (!armed) return;
    armed = 0;
    write_soon(rescue_terminal, rescue_bytes, rescue_count);
    tcsetattr(rescue_terminal, TCSANOW, &rescue_modes);
    if (rescue_captured >= 0) copy_captured();
}

static void rescue_and_die(int number) {
    int code = errno;
    rescue();
    errno = code;
    // The handler was reset on entry; the signal is delivered again when this returns.
    raise(number);
}

void CPosix_rescue_prepare(int terminal, const struct termios *modes, const void *bytes, size_t count,
                           int captured, int standard_error) {
    armed = 0;
    rescue_terminal = terminal;
    rescue_modes = *modes;
    rescue_count = count < sizeof rescue_bytes ? count : sizeof rescue_bytes;
    memcpy(rescue_bytes, bytes, rescue_count);
    rescue_captured = captured;
    rescue_standard_error = standard_error;
    armed = 1;
}

void CPosix_rescue_disarm(void) { armed = 0; }

void CPosix_rescue_install(void) {
    static bool installed;
    if (installed) return;
    installed = true;
    // Fixed, because SIGSTKSZ is no constant any more and a handler this small needs little.
    static unsigned char stack[64 * 1024];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = rescue_and_die;
    action.sa_flags = SA_ONSTACK | (int)SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    const int faults[] = {SIGSEGV, SIGABRT, SIGILL, SIGBUS, SIGTRAP, SIGFPE, SIGQUIT};
    for (size_t index = 0; index < sizeof faults / sizeof *faults; index++) {
        sigaction(faults[index], &action, NULL);
    }
    atexit(rescue);
}
