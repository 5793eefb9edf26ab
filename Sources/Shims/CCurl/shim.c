#define _GNU_SOURCE
#include "CCurl.h"
#include <string.h>

CURLcode CCurl_easy_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode CCurl_easy_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode CCurl_easy_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode CCurl_easy_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}

CURLcode CCurl_easy_set_body(CURL *handle, const void *bytes, size_t count) {
    // The size first: libcurl copies as many bytes as it was told before.
    CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code != CURLE_OK)
        return code;
    return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, count ? (const char *)bytes : "");
}

CURLcode CCurl_easy_set_bytes_callback(CURL *handle, CURLoption option, CCurl_bytes_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

CURLcode CCurl_easy_set_send_callback(CURL *handle, CCurl_send_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
}

CURLcode CCurl_easy_set_open_callback(CURL *handle, CCurl_open_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
}

CURLcode CCurl_easy_set_close_callback(CURL *handle, CCurl_close_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, callback);
}

long CCurl_easy_long(CURL *handle, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

curl_off_t CCurl_easy_offset(CURL *handle, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

const char *CCurl_easy_string(CURL *handle, CURLINFO info) {
    const char *value = NULL;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : NULL;
}

CURLMcode CCurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

CURLMcode CCurl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}

CURLMcode CCurl_multi_set_socket_callback(CURLM *multi, CCurl_socket_callback callback) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

CURLMcode CCurl_multi_set_timer_callback(CURLM *multi, CCurl_timer_callback callback) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

CURL *CCurl_multi_next_ended(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

static CCurl_goaway_callback goaway_callback;

void CCurl_set_goaway_callback(CCurl_goaway_callback callback) { goaway_callback = callback; }

static int read_remark(CURL *handle, curl_infotype type, char *text, size_t count, void *context) {
    (void)handle;
    // Remarks are short; the rest is what goes over the wire, and none of our business.
    if (type == CURLINFO_TEXT && count < 200 && memmem(text, count, "GOAWAY", 6) != NULL) goaway_callback(context);
    return 0;
}

CURLcode CCurl_easy_report_goaway(CURL *handle, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, read_remark);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_DEBUGDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
    return code;
}
