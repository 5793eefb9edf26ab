#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

// deflateInit2 is a macro over a versioned function, which Swift cannot call.
// Starts a stream that writes one gzip member (header, deflate, trailer).
int czlib_gzip_init(z_stream *_Nonnull stream, int level);

// inflateInit2 likewise: starts a stream that reads one gzip member.
int czlib_gunzip_init(z_stream *_Nonnull stream);

#endif
