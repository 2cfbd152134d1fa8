#include <libpq-fe.h>

#if defined(__linux__)
#include <sys/prctl.h>

/* glibc hides pthread_setname_np from Swift, and prctl is variadic. */
static inline void leat_name_current_thread(const char *name) { (void)prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0); }
#endif
