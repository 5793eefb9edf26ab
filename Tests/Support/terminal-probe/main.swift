import Glibc
import Terminal

ProcessSignals.block()
do {
    try Probe().run()
} catch {
    print("terminal-probe: \(error)")
    exit(2)
}
