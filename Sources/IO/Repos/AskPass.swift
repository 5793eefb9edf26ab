import CPosix
import FoundationEssentials
import Git
import Glibc
import Text

/// The way by which `ssh`, `git credential` and `ssh-keygen` ask weir for a secret.
///
/// They start a small script, which puts the question into one pipe and reads the answer from another. Both lie in a
/// directory that only the operator may enter; the answer is never in a file, an argument or the environment.
///
/// - Thread: the one that runs the transfer.
final class AskPass {
    /// Readable when there is a question.
    let questions: Int32
    private let answers: Int32
    private let directory: String
    private let repository: RepositoryID
    private let ask: @Sendable (SecretQuestion) -> String?
    private var asked: [String: Int] = [:]
    /// The key that is being used, for programs that ask for its passphrase without naming it.
    var key = ""
    /// True once the operator was asked anything.
    var hasAsked: Bool { !asked.isEmpty }
    /// True once an answer went out: what it opened must not be told to a helper that keeps it.
    private(set) var hasAnswered = false

    /// Nil where the cache directory takes no pipes.
    init?(_ settings: RepositorySettings) {
        guard let ask = settings.ask else {
            return nil
        }
        self.ask = ask
        repository = settings.id
        try? FileManager.default.createDirectory(
            atPath: settings.cacheDirectory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        var name = Array("\(settings.cacheDirectory)/ask-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else {
            return nil
        }
        directory = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pipes = ["\(directory)/question", "\(directory)/answer"]
        pipes.forEach { mkfifo($0, 0o600) }
        // Opened for both directions, so that neither end ever sees the other vanish.
        questions = open(pipes[0], O_RDWR | O_NONBLOCK | O_CLOEXEC)
        answers = open(pipes[1], O_RDWR | O_NONBLOCK | O_CLOEXEC)
        let isWritten = AskPass.script.withCString { text in
            let file = open("\(directory)/ask", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o700)
            defer { close(file) }
            return file >= 0 && write(file, text, strlen(text)) == strlen(text)
        }
        guard questions >= 0, answers >= 0, isWritten else {
            return nil
        }
    }

    deinit {
        for descriptor in [questions, answers] where descriptor >= 0 {
            close(descriptor)
        }
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// What a child needs to find the script.
    var environment: [String: String] {
        let script = "\(directory)/ask"
        return ["SSH_ASKPASS": script, "SSH_ASKPASS_REQUIRE": "force", "GIT_ASKPASS": script]
    }

    /// Takes one question and answers it, waiting for the operator as long as that takes.
    func serve() {
        var bytes = [UInt8](repeating: 0, count: 2_000)
        let count = read(questions, &bytes, bytes.count)
        guard count > 0 else {
            return
        }
        let text = Sanitiser.line(
            Redaction.clean(String(decoding: bytes.prefix(count), as: UTF8.self)),
            limit: 300
        )
        asked[text, default: 0] += 1
        let question = SecretQuestion(
            repository: repository,
            kind: AskPass.kind(of: text, key: key),
            text: text,
            attempt: asked[text] ?? 1
        )
        var answer = Array("-\n".utf8)
        if let given = ask(question), !given.contains(where: \.isNewline) {
            answer = Array("+\(given)\n".utf8)
            hasAnswered = hasAnswered || question.isMasked
        }
        _ = write(answers, &answer, answer.count)
        for index in answer.indices {
            answer[index] = 0
        }
    }

    static func kind(of text: String, key: String) -> SecretQuestion.Kind {
        let lower = text.lowercased()
        if lower.hasPrefix("username") {
            return .userName
        }
        if let range = text.ranges(of: "passphrase for ").first {
            // ssh: Enter passphrase for key '/path':   ssh-keygen: Enter passphrase for /path:
            var rest = text[range.upperBound...]
            rest = rest.hasPrefix("key ") ? rest.dropFirst(4) : rest
            while let last = rest.last, " :".contains(last) {
                rest = rest.dropLast()
            }
            return .passphrase(key: rest.filter { $0 != "'" && $0 != "\"" })
        }
        if lower.contains("passphrase") {
            return .passphrase(key: key)
        }
        return .password
    }

    private static let script = """
        #!/bin/sh
        # Asks weir, which waits at the other ends of the two pipes.
        d=${0%/*}
        printf '%s\\n' "$1" >"$d/question" || exit 1
        IFS= read -r answer <"$d/answer" || exit 1
        case $answer in
        +*) printf '%s\\n' "${answer#+}" ;;
        *) exit 1 ;;
        esac

        """
}
