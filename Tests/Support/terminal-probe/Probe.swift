import Glibc
import Keys
import Screen
import Terminal

/// A program that does with the terminal whatever its keys say, for tests to look at from outside.
///
/// It shows its size and the keys pressed. `q` ends it well; the capital letters end it badly.
final class Probe {
    private let screen: TerminalScreen
    private let loop: EventLoop
    private var history: [String] = []

    init() throws(TerminalFailure) {
        screen = try TerminalScreen()
        loop = try EventLoop(screen: screen, input: InputReader(of: screen))
    }

    /// Draws and obeys until the end.
    func run() -> Never {
        while true {
            screen.draw(picture(0))
            for occurrence in loop.wait() {
                switch occurrence {
                case .keys(let keys): keys.forEach(obey)
                case .resized: screen.resize()
                case .suspendRequested: screen.stop()
                case .continued: screen.resume()
                case .terminate(let number): end(128 + number)
                case .hangup: end(42)
                case .doorbell, .deadline: break
                }
            }
        }
    }

    private func picture(_ counter: Int) -> Frame {
        let canvas = Canvas(size: screen.size, glyphs: screen.glyphs)
        canvas.put("probe \(screen.size.columns)x\(screen.size.rows)", role: .ready)
        canvas.put("keys \(history.suffix(8).joined(separator: " "))", y: 1, role: .accent)
        for y in 2..<max(2, screen.size.rows) {
            canvas.put(String(repeating: String((counter + y) % 10), count: screen.size.columns), y: y)
        }
        canvas.placeCursor(x: 3, y: 1)
        return canvas.frame
    }

    private func obey(_ key: Key) {
        switch key {
        case .character("q"): end(0)
        case .character("n"): complain("noise on standard error\n")
        case .character("f"): flood()
        case .control("z"): screen.stop()
        case .character("F"): fatalError("the probe was asked to fail")
        case .character("A"): abort()
        case .character("G"): kill(getpid(), SIGSEGV)
        case .character("R"): complain("\(descend(0))")
        case .character("E"): exit(3)
        default: break
        }
        history.append(key.notation)
    }

    /// Draws until the terminal takes no more, and ends there.
    private func flood() {
        var counter = 0
        while !screen.hasPendingOutput {
            counter += 1
            screen.draw(picture(counter))
        }
        end(7)
    }

    private func complain(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Runs out of stack.
    @inline(never)
    private func descend(_ depth: Int) -> Int {
        depth < 0 ? 0 : descend(depth + 1) + history.count
    }

    private func end(_ code: Int32) -> Never {
        screen.restore()
        print("probe ended")
        exit(code)
    }
}
