#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

// libcurl sets its options through variadic functions, which Swift cannot call, and reads the
// argument with the type that the option wants: a wrong width is undefined behaviour. Hence one
// function for each kind of value. Everything else of libcurl is called directly.

// Options of one transfer.

CURLcode CCurl_easy_set_long(CURL *_Nonnull handle, CURLoption option, long value);

/// libcurl copies the string; NULL restores the option's "unset".
CURLcode CCurl_easy_set_string(CURL *_Nonnull handle, CURLoption option, const char *_Nullable value);

/// libcurl keeps the pointer: it must stay valid as long as the handle, or the connection, uses it.
CURLcode CCurl_easy_set_pointer(CURL *_Nonnull handle, CURLoption option, void *_Nullable value);

/// libcurl copies the bytes.
CURLcode CCurl_easy_set_blob(
    CURL *_Nonnull handle, CURLoption option, const void *_Nonnull bytes, size_t count);

/// libcurl copies the bytes and sends them as the body.
CURLcode CCurl_easy_set_body(CURL *_Nonnull handle, const void *_Nullable bytes, size_t count);

/// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. (Not curl_write_callback: it is a pointer
/// without nullability.)
typedef size_t (*CCurl_bytes_callback)(
    char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);
CURLcode CCurl_easy_set_bytes_callback(
    CURL *_Nonnull handle, CURLoption option, CCurl_bytes_callback _Nonnull callback);

/// For CURLOPT_PREREQFUNCTION: the request is about to go out over a connection.
typedef int (*CCurl_send_callback)(
    void *_Nullable context,
    char *_Nullable remote_address,
    char *_Nullable local_address,
    int remote_port,
    int local_port);
CURLcode CCurl_easy_set_send_callback(CURL *_Nonnull handle, CCurl_send_callback _Nonnull callback);

typedef curl_socket_t (*CCurl_open_callback)(
    void *_Nullable context, curlsocktype purpose, struct curl_sockaddr *_Nullable address);
CURLcode CCurl_easy_set_open_callback(CURL *_Nonnull handle, CCurl_open_callback _Nonnull callback);

typedef int (*CCurl_close_callback)(void *_Nullable context, curl_socket_t socket);
CURLcode CCurl_easy_set_close_callback(CURL *_Nonnull handle, CCurl_close_callback _Nonnull callback);

/// What to call, with the CURLOPT_DEBUGDATA of a transfer, when a server asks to go elsewhere (HTTP/2's GOAWAY). The
/// same for all transfers: set it once, before any of them.
///
/// libcurl 7.88 goes on using such a connection, on which new requests are never sent, and tells of it in a remark
/// only. Newer ones look for another connection by themselves.
typedef void (*CCurl_goaway_callback)(void *_Nullable context);
void CCurl_set_goaway_callback(CCurl_goaway_callback _Nonnull callback);

/// Lets a transfer call it.
CURLcode CCurl_easy_report_goaway(CURL *_Nonnull handle, void *_Nullable context);

// Facts of one transfer. What libcurl does not know is 0 or NULL.

long CCurl_easy_long(CURL *_Nonnull handle, CURLINFO info);
curl_off_t CCurl_easy_offset(CURL *_Nonnull handle, CURLINFO info);
const char *_Nullable CCurl_easy_string(CURL *_Nonnull handle, CURLINFO info);

// Options and messages of a multi handle.

CURLMcode CCurl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value);
CURLMcode CCurl_multi_set_pointer(CURLM *_Nonnull multi, CURLMoption option, void *_Nullable value);

typedef int (*CCurl_socket_callback)(
    CURL *_Nullable handle,
    curl_socket_t socket,
    int what,
    void *_Nullable context,
    void *_Nullable socket_context);
CURLMcode CCurl_multi_set_socket_callback(CURLM *_Nonnull multi, CCurl_socket_callback _Nonnull callback);

typedef int (*CCurl_timer_callback)(CURLM *_Nullable multi, long milliseconds, void *_Nullable context);
CURLMcode CCurl_multi_set_timer_callback(CURLM *_Nonnull multi, CCurl_timer_callback _Nonnull callback);

/// The next transfer that ended, or NULL. (CURLMsg carries its result in a union.)
CURL *_Nullable CCurl_multi_next_ended(CURLM *_Nonnull multi, CURLcode *_Nonnull result);

#endif
