import Text
import Yams

/// What one kustomization file refers to, in its order.
struct KustomizationFile {
    struct Reference: Hashable {
        enum Role: Hashable {
            /// A file, or a directory that has a kustomization of its own, or a manifest written in place.
            case build
            /// A file whose bytes enter the build.
            case content
            /// A directory that enters the build whole, where it exists.
            case whole
        }

        let role: Role
        let text: String
    }

    /// The names kustomize looks for, in its order.
    static let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    private(set) var references: [Reference] = []
    private var chartHome = "charts"

    /// Reads the bytes of a kustomization file.
    ///
    /// - Errors: nil where they are no YAML mapping, or nested deeper than any such file is.
    init?(bytes: [UInt8]) {
        guard bytes.count <= KustomizationFile.byteLimit, KustomizationFile.isShallow(bytes) else {
            return nil
        }
        guard let root = try? Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else {
            // An empty file is a kustomization with nothing in it; anything else does not parse.
            guard bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }) else {
                return nil
            }
            return
        }
        guard let mapping = root.mapping else {
            return nil
        }
        chartHome = mapping["helmGlobals"]?["chartHome"]?.string ?? chartHome
        for (key, value) in mapping {
            guard let name = key.string else {
                continue
            }
            read(name, value)
        }
    }

    private mutating func read(_ key: String, _ value: Node) {
        switch key {
        case "resources", "bases", "components", "generators", "transformers", "validators":
            add(.build, strings(value))
        case "crds", "configurations", "patchesStrategicMerge":
            add(.content, strings(value))
        case "patches", "patchesJson6902", "replacements":
            add(.content, items(value).compactMap { $0["path"]?.string })
        case "openapi":
            add(.content, [value["path"]?.string].compactMap(\.self))
        case "configMapGenerator", "secretGenerator":
            for item in items(value) {
                let files = strings(item["files"]).map { file in
                    file.firstIndex(of: "=").map { String(file[file.index(after: $0)...]) } ?? file
                }
                add(.content, files + strings(item["envs"]) + [item["env"]?.string].compactMap(\.self))
            }
        case "helmCharts", "helmChartInflationGenerator":
            for item in items(value) {
                add(.content, [item["valuesFile"]?.string, item["values"]?.string].compactMap(\.self))
                add(.content, strings(item["additionalValuesFiles"]))
                if item["repo"]?.string ?? item["chartRepo"]?.string == nil, let chart = item["name"]?.string
                {
                    add(.whole, ["\(chartHome)/\(chart)"])
                }
            }
        case let key where KustomizationFile.withoutPaths.contains(key):
            break
        default:
            // A field of a newer kustomize: whatever in it names an existing file counts.
            var left = 1_000
            collect(value, left: &left)
        }
    }

    private mutating func add(_ role: Reference.Role, _ texts: [String]) {
        references += texts.filter { !$0.isEmpty }.map { Reference(role: role, text: $0) }
    }

    private mutating func collect(_ node: Node, left: inout Int) {
        guard left > 0 else {
            return
        }
        left -= 1
        if let text = node.string {
            add(.whole, text.contains("\n") ? [] : [text])
        }
        for item in node.sequence ?? [] {
            collect(item, left: &left)
        }
        if let mapping = node.mapping {
            for (_, item) in mapping {
                collect(item, left: &left)
            }
        }
    }

    private func strings(_ node: Node?) -> [String] {
        items(node).compactMap(\.string)
    }

    private func items(_ node: Node?) -> [Node] {
        node?.sequence.map { Array($0) } ?? []
    }

    private static let byteLimit = 1 << 20

    private static let withoutPaths: Set<String> = [
        "apiVersion", "kind", "metadata", "namespace", "namePrefix", "nameSuffix", "commonLabels", "labels",
        "commonAnnotations", "images", "imageTags", "replicas", "vars", "generatorOptions", "buildMetadata",
        "sortOptions", "helmGlobals", "inventory", "status",
    ]

    /// The YAML reader recurses, and the bytes come from strangers: what could run it out of stack is refused.
    static func isShallow(_ bytes: [UInt8]) -> Bool {
        var brackets = 0
        var indent = 0
        var isLeading = true
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                brackets += 1
                isLeading = false
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                brackets = max(0, brackets - 1)
                isLeading = false
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                indent = 0
                isLeading = true
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: "\t"),
                UInt8(ascii: ":"):
                indent += isLeading ? 1 : 0
            default:
                isLeading = false
            }
            if brackets > 200 || indent > 400 {
                return false
            }
        }
        return !mayHideMuchInKeys(bytes)
    }

    /// The YAML reader compares keys as they are meant: a key of aliases of aliases may take it longer than anybody waits.
    private static func mayHideMuchInKeys(_ bytes: [UInt8]) -> Bool {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
        func isName(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-")
        }
        func isKey(before place: Int) -> Bool {
            bytes[place...].first { !isSpace($0) } == UInt8(ascii: ":")
        }
        var aliases = 0
        var isKeyed = false
        for (place, byte) in bytes.enumerated() {
            let isFirst = place == 0 || isSpace(bytes[place - 1]) || "[{,-?:".utf8.contains(bytes[place - 1])
            switch byte {
            case UInt8(ascii: "*") where isFirst:
                let name = bytes[(place + 1)...].prefix(while: isName)
                aliases += name.isEmpty ? 0 : 1
                isKeyed = isKeyed || (!name.isEmpty && isKey(before: name.endIndex))
            case UInt8(ascii: "]"), UInt8(ascii: "}"): isKeyed = isKeyed || isKey(before: place + 1)
            case UInt8(ascii: "?") where isFirst:
                isKeyed = isKeyed || bytes[(place + 1)...].first.map(isSpace) ?? true
            default: break
            }
        }
        return isKeyed && aliases >= 20
    }
}
