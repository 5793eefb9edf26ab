#ifndef CGIT2_H
#define CGIT2_H

#include <git2.h>

#endif
