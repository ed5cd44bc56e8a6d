/// The server and the client of the load tests, one static program.
///
/// The server keeps connections open. From its preStop hook on it answers `Connection: close`, and once told to end it does so
/// when its last connection is gone. The client asks once and never again: every request is one line of its log, with when it
/// began (milliseconds), on what kind of connection, what came of it, how long it took and which pod answered.
enum TrafficProgram {
    static let source = #"""
        #define _GNU_SOURCE
        #include <arpa/inet.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <netinet/tcp.h>
        #include <poll.h>
        #include <pthread.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <time.h>
        #include <unistd.h>

        #define CLOSING "/closing"
        #define MOST 1000

        static volatile sig_atomic_t told_to_end;
        static void on_term(int signal) { (void)signal; told_to_end = 1; }

        static long long now_ms(void) {
            struct timespec t;
            clock_gettime(CLOCK_REALTIME, &t);
            return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
        }

        /* ---- server ---- */

        static int serve(int port) {
            struct pollfd fds[MOST];
            static char head[MOST][2048];
            int used[MOST];
            int count = 1, one = 1;
            long long last = now_ms();
            char host[64] = "";
            gethostname(host, sizeof host - 1);
            struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
            fds[0].fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            fds[0].events = POLLIN;
            setsockopt(fds[0].fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
            if (bind(fds[0].fd, (struct sockaddr *)&a, sizeof a) || listen(fds[0].fd, 512)) return 1;
            for (;;) {
                if (told_to_end && count == 1 && now_ms() - last > 1000) return 0;
                if (poll(fds, count, 200) < 0 && errno != EINTR) return 1;
                int fd;
                while (count < MOST && (fd = accept(fds[0].fd, NULL, NULL)) >= 0) {
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    fds[count] = (struct pollfd){.fd = fd, .events = POLLIN};
                    used[count++] = 0;
                    last = now_ms();
                }
                for (int i = 1; i < count; i++) {
                    if (!(fds[i].revents & (POLLIN | POLLHUP | POLLERR))) continue;
                    int gone = 0;
                    ssize_t n = recv(fds[i].fd, head[i] + used[i], sizeof head[i] - 1 - used[i], MSG_DONTWAIT);
                    last = now_ms();
                    if (n <= 0) gone = !(n < 0 && errno == EAGAIN);
                    else {
                        used[i] += n;
                        head[i][used[i]] = 0;
                        if (strstr(head[i], "\r\n\r\n")) {
                            char answer[512];
                            int closes = told_to_end || !access(CLOSING, F_OK) || strcasestr(head[i], "connection: close");
                            int size = snprintf(answer, sizeof answer,
                                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: %s\r\n\r\n%s\n",
                                strlen(host) + 1, closes ? "close" : "keep-alive", host);
                            if (send(fds[i].fd, answer, size, MSG_NOSIGNAL) != size) gone = 1;
                            used[i] = 0;
                            /* The client closes first, having read all: nothing is cut off. */
                            if (closes) shutdown(fds[i].fd, SHUT_WR);
                        } else if (used[i] == sizeof head[i] - 1) gone = 1;
                    }
                    fds[i].revents = 0;
                    if (gone) {
                        close(fds[i].fd);
                        count--;
                        fds[i] = fds[count];
                        used[i] = used[count];
                        memcpy(head[i], head[count], sizeof head[i]);
                        i--;
                    }
                }
            }
        }

        /* ---- client ---- */

        struct plan { struct sockaddr_in to; int pause_ms; int keeps; };

        static int dial(const struct plan *p) {
            struct timeval limit = {.tv_sec = 10};
            int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
            setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            if (!connect(fd, (const struct sockaddr *)&p->to, sizeof p->to)) return fd;
            int why = errno;
            close(fd);
            errno = why;
            return -1;
        }

        /* Whether the answer is whole and right; `closes` says what the server said. */
        static const char *ask(int fd, int keeps, int *closes, char *pod) {
            char text[2048];
            size_t used = 0;
            const char *request =
                keeps ? "GET / HTTP/1.1\r\nHost: web\r\n\r\n" : "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";
            if (send(fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request)) return strerrorname_np(errno);
            for (;;) {
                ssize_t n = recv(fd, text + used, sizeof text - 1 - used, 0);
                if (n == 0) return "cut-off";
                if (n < 0) return strerrorname_np(errno);
                used += n;
                text[used] = 0;
                char *body = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "content-length:");
                if (!body || !length) continue;
                body += 4;
                if (strlen(body) < (size_t)atoi(length + 15)) continue;
                if (strncmp(text, "HTTP/1.1 200", 12)) return "not-200";
                *closes = strcasestr(text, "connection: close") != NULL;
                sscanf(body, "%63s", pod);
                return NULL;
            }
        }

        static void *work(void *argument) {
            struct plan *p = argument;
            int fd = -1;
            while (!told_to_end) {
                char pod[64] = "-", line[256];
                const char *kind = p->keeps ? (fd < 0 ? "fresh" : "kept") : "new", *failure = NULL;
                int closes = 1;
                long long start = now_ms();
                if (fd < 0 && (fd = dial(p)) < 0) failure = strerrorname_np(errno);
                if (!failure) failure = ask(fd, p->keeps, &closes, pod);
                if (fd >= 0 && (failure || closes || !p->keeps)) { close(fd); fd = -1; }
                const char *result = failure ? failure : "ok";
                int size = snprintf(line, sizeof line, "%lld %s %s %lld %s\n", start, kind, result, now_ms() - start, pod);
                if (write(1, line, size) != size) _exit(1);
                usleep(p->pause_ms * 1000);
            }
            if (fd >= 0) close(fd);
            return NULL;
        }

        static int load(const char *address, int port, int threads, int pause_ms) {
            pthread_t all[64];
            static struct plan plans[64];
            for (int i = 0; i < threads && i < 64; i++) {
                plans[i] = (struct plan){{.sin_family = AF_INET, .sin_port = htons(port)}, pause_ms, i % 2};
                inet_pton(AF_INET, address, &plans[i].to.sin_addr);
                pthread_create(&all[i], NULL, work, &plans[i]);
            }
            for (int i = 0; i < threads && i < 64; i++) pthread_join(all[i], NULL);
            return 0;
        }

        int main(int count, char **words) {
            struct sigaction end = {.sa_handler = on_term};
            sigaction(SIGTERM, &end, NULL);
            sigaction(SIGINT, &end, NULL);
            if (count == 3 && !strcmp(words[1], "serve")) return serve(atoi(words[2]));
            if (count == 3 && !strcmp(words[1], "prestop")) {
                close(open(CLOSING, O_CREAT | O_WRONLY, 0644));
                sleep(atoi(words[2]));
                return 0;
            }
            if (count == 6 && !strcmp(words[1], "load")) return load(words[2], atoi(words[3]), atoi(words[4]), atoi(words[5]));
            return 64;
        }
        """#
}
