#include "leat_curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The few names of libcurl's stable interface that are used here, by the numbers that its ABI promises
   (https://curl.se/libcurl/c/, curl/curl.h), so that its headers are not needed. */
typedef void CURL;
typedef void CURLM;
typedef struct {
    int msg;
    CURL *easy;
    union {
        void *whatever;
        int result;
    } data;
} CURLMsg;

enum {
    OPT_URL = 10002, OPT_WRITEDATA = 10001, OPT_WRITEFUNCTION = 20011, OPT_HEADERDATA = 10029, OPT_HEADERFUNCTION = 20079,
    OPT_HTTPHEADER = 10023, OPT_FOLLOWLOCATION = 52, OPT_MAXREDIRS = 68, OPT_NOSIGNAL = 99, OPT_USERAGENT = 10018,
    OPT_USERPWD = 10005, OPT_CONNECTTIMEOUT = 78, OPT_LOW_SPEED_LIMIT = 19, OPT_LOW_SPEED_TIME = 20, OPT_NOBODY = 44,
    OPT_FILETIME = 69, OPT_PROTOCOLS = 181, OPT_REDIR_PROTOCOLS = 182, OPT_ERRORBUFFER = 10010,
    INFO_RESPONSE_CODE = 0x200002, INFO_FILETIME = 0x20000E, INFO_CONTENT_LENGTH = 0x60000F,
    PROTOCOL_HTTP = 1, PROTOCOL_HTTPS = 2, GLOBAL_DEFAULT = 3, MSG_DONE = 1, WRITE_PAUSE = 0x10000001, PAUSE_CONT = 0,
};

static struct {
    void *library;
    CURL *(*easy_init)(void);
    int (*easy_setopt)(CURL *, int, ...);
    int (*easy_getinfo)(CURL *, int, ...);
    int (*easy_pause)(CURL *, int);
    void (*easy_cleanup)(CURL *);
    const char *(*easy_strerror)(int);
    CURLM *(*multi_init)(void);
    int (*multi_add_handle)(CURLM *, CURL *);
    int (*multi_remove_handle)(CURLM *, CURL *);
    int (*multi_perform)(CURLM *, int *);
    int (*multi_wait)(CURLM *, void *, unsigned, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    int (*multi_cleanup)(CURLM *);
    void *(*slist_append)(void *, const char *);
    void (*slist_free_all)(void *);
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *symbol(const char *name) {
    void *found = dlsym(curl.library, name);
    if (!found && curl.library) {
        dlclose(curl.library);
        curl.library = NULL;
    }
    return found;
}

static void load(void) {
    static const char *const names[] = {
        "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", "/usr/lib/libcurl.4.dylib", "libcurl.so", NULL};
    for (int index = 0; names[index] && !curl.library; index++) curl.library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
    if (!curl.library) return;
#define LOAD(member) \
    if (curl.library) *(void **)&curl.member = symbol("curl_" #member)
    LOAD(easy_init);
    LOAD(easy_setopt);
    LOAD(easy_getinfo);
    LOAD(easy_pause);
    LOAD(easy_cleanup);
    LOAD(easy_strerror);
    LOAD(multi_init);
    LOAD(multi_add_handle);
    LOAD(multi_remove_handle);
    LOAD(multi_perform);
    LOAD(multi_wait);
    LOAD(multi_info_read);
    LOAD(multi_cleanup);
    LOAD(slist_append);
    LOAD(slist_free_all);
#undef LOAD
    int (*global_init)(long) = NULL;
    if (curl.library) *(void **)&global_init = symbol("curl_global_init");
    if (curl.library && global_init(GLOBAL_DEFAULT) != 0) curl.library = NULL;
}

struct leat_download {
    CURL *easy;
    CURLM *multi;
    void *headers;
    char *buffer;
    size_t start, end, capacity;
    int is_paused, is_done, result;
    leat_download_facts facts;
    char message[256];
};

/* More than this is left with the server until some of it was taken. */
enum { BUFFER_LIMIT = 1 << 20 };

static size_t take(char *data, size_t size, size_t count, void *context) {
    leat_download *download = context;
    size_t bytes = size * count;
    if (download->end - download->start + bytes > BUFFER_LIMIT && download->end > download->start) {
        download->is_paused = 1;
        return WRITE_PAUSE;
    }
    if (download->end + bytes > download->capacity) {
        memmove(download->buffer, download->buffer + download->start, download->end - download->start);
        download->end -= download->start;
        download->start = 0;
        if (download->end + bytes > download->capacity) {
            size_t capacity = download->end + bytes + (64 << 10);
            char *buffer = realloc(download->buffer, capacity);
            if (!buffer) return 0;
            download->buffer = buffer;
            download->capacity = capacity;
        }
    }
    memcpy(download->buffer + download->end, data, bytes);
    download->end += bytes;
    return bytes;
}

static size_t take_header(char *data, size_t size, size_t count, void *context) {
    leat_download *download = context;
    size_t bytes = size * count;
    /* The answer after a redirection begins anew. */
    if (bytes >= 5 && strncasecmp(data, "HTTP/", 5) == 0) download->facts.etag[0] = 0;
    if (bytes > 5 && strncasecmp(data, "etag:", 5) == 0) {
        size_t from = 5, to = bytes;
        while (from < to && (data[from] == ' ' || data[from] == '\t')) from++;
        while (to > from && (data[to - 1] == '\r' || data[to - 1] == '\n' || data[to - 1] == ' ')) to--;
        size_t length = to - from < sizeof download->facts.etag ? to - from : sizeof download->facts.etag - 1;
        memcpy(download->facts.etag, data + from, length);
        download->facts.etag[length] = 0;
    }
    return bytes;
}

leat_download *leat_download_begin(const leat_download_request *request, char *message, size_t message_size) {
    pthread_once(&once, load);
    if (!curl.library) {
        snprintf(message, message_size, "libcurl is not installed");
        return NULL;
    }
    leat_download *download = calloc(1, sizeof *download);
    if (!download || !(download->easy = curl.easy_init()) || !(download->multi = curl.multi_init())) {
        leat_download_end(download);
        snprintf(message, message_size, "libcurl has no memory");
        return NULL;
    }
    CURL *easy = download->easy;
    for (int index = 0; request->headers[index]; index++) {
        void *headers = curl.slist_append(download->headers, request->headers[index]);
        if (headers) download->headers = headers;
    }
    curl.easy_setopt(easy, OPT_URL, request->url);
    curl.easy_setopt(easy, OPT_ERRORBUFFER, download->message);
    curl.easy_setopt(easy, OPT_WRITEFUNCTION, take);
    curl.easy_setopt(easy, OPT_WRITEDATA, download);
    curl.easy_setopt(easy, OPT_HEADERFUNCTION, take_header);
    curl.easy_setopt(easy, OPT_HEADERDATA, download);
    curl.easy_setopt(easy, OPT_FOLLOWLOCATION, 1L);
    curl.easy_setopt(easy, OPT_MAXREDIRS, 10L);
    curl.easy_setopt(easy, OPT_NOSIGNAL, 1L);
    curl.easy_setopt(easy, OPT_FILETIME, 1L);
    curl.easy_setopt(easy, OPT_PROTOCOLS, (long)(PROTOCOL_HTTP | PROTOCOL_HTTPS));
    curl.easy_setopt(easy, OPT_REDIR_PROTOCOLS, (long)(PROTOCOL_HTTP | PROTOCOL_HTTPS));
    curl.easy_setopt(easy, OPT_USERAGENT, request->user_agent);
    curl.easy_setopt(easy, OPT_CONNECTTIMEOUT, request->connect_timeout);
    curl.easy_setopt(easy, OPT_LOW_SPEED_LIMIT, 1L);
    curl.easy_setopt(easy, OPT_LOW_SPEED_TIME, request->stall_timeout);
    if (request->credentials) curl.easy_setopt(easy, OPT_USERPWD, request->credentials);
    if (request->header_only) curl.easy_setopt(easy, OPT_NOBODY, 1L);
    if (download->headers) curl.easy_setopt(easy, OPT_HTTPHEADER, download->headers);
    if (curl.multi_add_handle(download->multi, easy) != 0) {
        leat_download_end(download);
        snprintf(message, message_size, "libcurl refuses the request");
        return NULL;
    }
    return download;
}

static void perform(leat_download *download) {
    int running = 0, waiting = 0;
    curl.multi_perform(download->multi, &running);
    CURLMsg *news;
    while ((news = curl.multi_info_read(download->multi, &waiting)))
        if (news->msg == MSG_DONE) {
            download->is_done = 1;
            download->result = news->data.result;
        }
    long status = 0, modified = -1;
    int64_t length = -1;
    curl.easy_getinfo(download->easy, INFO_RESPONSE_CODE, &status);
    curl.easy_getinfo(download->easy, INFO_FILETIME, &modified);
    curl.easy_getinfo(download->easy, INFO_CONTENT_LENGTH, &length);
    download->facts.status = status;
    download->facts.modified = modified;
    download->facts.length = length;
}

long leat_download_read(leat_download *download, void *target, size_t size) {
    if (download->start == download->end && !download->is_done) {
        download->start = download->end = 0;
        if (download->is_paused) {
            download->is_paused = 0;
            curl.easy_pause(download->easy, PAUSE_CONT);
        }
        perform(download);
        if (download->start == download->end && !download->is_done) {
            int count = 0;
            curl.multi_wait(download->multi, NULL, 0, 100, &count);
            perform(download);
        }
    }
    size_t count = download->end - download->start;
    if (count == 0) return download->is_done ? (download->result == 0 ? -1 : -2) : 0;
    if (count > size) count = size;
    memcpy(target, download->buffer + download->start, count);
    download->start += count;
    return (long)count;
}

leat_download_facts leat_download_get_facts(const leat_download *download) { return download->facts; }

const char *leat_download_error(const leat_download *download) {
    return download->message[0] ? download->message : curl.easy_strerror(download->result);
}

int leat_download_is_transient(const leat_download *download) {
    switch (download->result) {
        case 5: case 6: case 7: case 16: case 18: case 28: case 35: case 52: case 55: case 56: case 92: return 1;
        default: return 0;
    }
}

void leat_download_end(leat_download *download) {
    if (!download) return;
    if (download->multi && download->easy) curl.multi_remove_handle(download->multi, download->easy);
    if (download->easy) curl.easy_cleanup(download->easy);
    if (download->multi) curl.multi_cleanup(download->multi);
    if (download->headers) curl.slist_free_all(download->headers);
    free(download->buffer);
    free(download);
}
