/* Preloaded: sleeps SLOW_SYNC_US microseconds after each real fsync or fdatasync, so that a machine
   with a fast disk shows how the daemon does on a slow one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_a_little(void) {
  const char *us = getenv("SLOW_SYNC_US");
  if (us) usleep((useconds_t)atoi(us));
}

int fsync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  int result = real(fd);
  wait_a_little();
  return result;
}

int fdatasync(int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int result = real(fd);
  wait_a_little();
  return result;
}
