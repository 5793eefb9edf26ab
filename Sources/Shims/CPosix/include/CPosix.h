#ifndef CPOSIX_H
#define CPOSIX_H

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <stdbool.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "CPosix_child.h"
#include "CPosix_clock.h"
#include "CPosix_memory.h"
#include "CPosix_sockets.h"
#include "CPosix_terminal.h"
#include "CPosix_wake.h"

#endif
