#ifndef LEAT_CURL_H
#define LEAT_CURL_H

#include <stddef.h>
#include <stdint.h>

/* A download by libcurl, which is loaded when the first one begins: who reads no URL needs no libcurl. */
typedef struct leat_download leat_download;

/* What a server has said of a file; -1 and empty where it has said nothing. */
typedef struct {
    long status;
    int64_t length;
    int64_t modified;
    char etag[256];
} leat_download_facts;

typedef struct {
    const char *_Nonnull url;
    const char *_Nonnull user_agent;
    /* NAME:PASSWORD, or NULL. */
    const char *_Nullable credentials;
    /* Lines of the header, ended by NULL. */
    const char *_Nullable const *_Nonnull headers;
    /* Whether only the header is asked for. */
    int header_only;
    long connect_timeout;
    /* Seconds without a byte after which the download fails. */
    long stall_timeout;
} leat_download_request;

/* Begins; returns NULL with an explanation if libcurl cannot be loaded or the request is refused. */
leat_download *_Nullable leat_download_begin(
    const leat_download_request *_Nonnull request, char *_Nonnull message, size_t message_size);

/* Copies up to `size` bytes that have come. Waits at most 100 ms for the first.
   Returns their number, 0 if none has come yet, -1 at the end, -2 on failure. */
long leat_download_read(leat_download *_Nonnull download, void *_Nonnull target, size_t size);

/* Valid once a byte has come, or the end. */
leat_download_facts leat_download_get_facts(const leat_download *_Nonnull download);

/* Why it failed. */
const char *_Nonnull leat_download_error(const leat_download *_Nonnull download);

/* Whether the failure may be gone a little later: no connection, a broken one. */
int leat_download_is_transient(const leat_download *_Nonnull download);

void leat_download_end(leat_download *_Nullable download);

#endif
