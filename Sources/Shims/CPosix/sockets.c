// For SOCK_CLOEXEC and TCP_USER_TIMEOUT.
#define _GNU_SOURCE
#include "CPosix.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

int CPosix_open_socket(int family, int type, int protocol, unsigned give_up_milliseconds) {
    int descriptor = socket(family, type | SOCK_CLOEXEC, protocol);
    if (descriptor >= 0 && give_up_milliseconds > 0)
        setsockopt(
            descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_milliseconds, sizeof give_up_milliseconds);
    return descriptor;
}

bool CPosix_is_connected(int descriptor) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    return getpeername(descriptor, (struct sockaddr *)&address, &length) == 0
        && (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

int CPosix_parse_address(const char *text, unsigned char bytes[16]) {
    if (inet_pton(AF_INET, text, bytes) == 1)
        return 4;
    if (inet_pton(AF_INET6, text, bytes) == 1)
        return 16;
    return 0;
}
