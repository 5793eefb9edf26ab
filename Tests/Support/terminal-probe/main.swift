import Glibc
import Terminal

ProcessSignals.block()
do {
    let probe = try Probe()
    try probe.run(isFlooding: CommandLine.arguments.contains("flood"))
} catch {
    print("terminal-probe: \(error)")
    exit(2)
}
