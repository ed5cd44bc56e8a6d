import Glibc

/// Time since this machine was started, sleep included: a lease goes on running out while its holder is suspended.
enum BootClock {
    static func now() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
