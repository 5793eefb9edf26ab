#ifndef CGIT2_H
#define CGIT2_H

#include <git2.h>
#include <git2/sys/commit_graph.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/stream.h>
#include <git2/sys/transport.h>

// git_libgit2_opts is variadic and its arguments are read by their exact C types, so each option in use has a
// function of its own here.
int CGit2_set_owner_validation(int enabled);
int CGit2_set_pack_file_limit(size_t open_files);
int CGit2_set_object_cache_limit(ssize_t bytes);
int CGit2_set_tree_cache_limit(size_t bytes);
int CGit2_set_user_agent(const char *_Nonnull agent);
int CGit2_set_certificate_file(const char *_Nonnull path);

// libgit2 hands its callbacks the very struct that it was given. These begin with that struct and carry one
// pointer more, by which the callback finds the Swift object behind it.
typedef struct {
    git_smart_subtransport parent;
    void *_Nullable context;
} CGit2_subtransport;

typedef struct {
    git_smart_subtransport_stream parent;
    void *_Nullable context;
} CGit2_subtransport_stream;

typedef struct {
    git_stream parent;
    void *_Nullable context;
} CGit2_stream;

#endif
