#include "CZlib.h"

// 15 is the largest window; 16 asks for the gzip wrapper instead of the zlib one.
int czlib_gzip_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

int czlib_gunzip_init(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
