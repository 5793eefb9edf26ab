import Text
import Yams

/// Turns what the YAML library says into a line number and one sentence without the file's content.
enum YAMLFault {
    static func words(of error: any Error) -> (line: Int?, words: String) {
        guard let error = error as? YamlError else {
            return (nil, "it cannot be read")
        }
        switch error {
        case .scanner(_, let problem, let mark, _),
            .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return (mark.line, Sanitiser.line(problem, limit: 160))
        case .reader(let problem, _, _, _):
            return (nil, Sanitiser.line(problem, limit: 160))
        case .duplicatedKeysInMapping(let names, let context):
            let list = names.prefix(3).map { Sanitiser.line($0, limit: 60) }.joined(separator: ", ")
            return (context.mark.line, "the key \(list) stands twice in one mapping")
        default:
            return (nil, "it cannot be read")
        }
    }
}
