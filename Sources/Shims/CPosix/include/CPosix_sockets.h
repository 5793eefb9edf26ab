#ifndef CPOSIX_SOCKETS_H
#define CPOSIX_SOCKETS_H

#include <stdbool.h>

// Sockets (sockets.c). fcntl is variadic, and the type flags of socket(2) are no plain numbers in Swift.

/// Opens a socket that programs started later do not inherit, and that fails when sent bytes stay
/// unacknowledged for so long (0: the kernel's own patience). Returns -1 and errno.
int CPosix_open_socket(int family, int type, int protocol, unsigned give_up_milliseconds);

/// Whether the descriptor is a socket that is connected over IP.
bool CPosix_is_connected(int descriptor);

/// Parses the text of an IP address into bytes (in network order). Returns how many: 4, 16, or 0 when
/// it is none.
int CPosix_parse_address(const char *_Nonnull text, unsigned char bytes[_Nonnull 16]);

#endif
