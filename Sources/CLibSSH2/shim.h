#pragma once
// The Linux calls below are not in Swift's view of the C library.
#include <libssh2.h>
#include <stddef.h>
#include <sys/eventfd.h>

// In <string.h>, but only for those who ask for GNU extensions.
extern void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);
