/* Every fsync and fdatasync takes SLOW_US microseconds more, as on a disk that turns. Loaded with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int later(const char *name, int file) {
    const char *us = getenv("SLOW_US");
    usleep(us ? (useconds_t)atoi(us) : 10000);
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(file);
}

int fsync(int file) { return later("fsync", file); }
int fdatasync(int file) { return later("fdatasync", file); }
