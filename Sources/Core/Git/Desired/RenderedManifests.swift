import FoundationEssentials
package import Kube
import Text

/// The YAML that a build of a path gave, and what made it.
package struct RenderedManifests: Sendable {
    /// Documents parted by `---`.
    package let text: String
    package let renderer: String
    /// What may make it another thing than what Flux built, one sentence each.
    package let remarks: [String]
    /// Files that the build read and that SOPS encrypted, by path.
    package let encrypted: [String]

    package init(text: String, renderer: String, remarks: [String] = [], encrypted: [String] = []) {
        self.text = text
        self.renderer = renderer
        self.remarks = remarks
        self.encrypted = encrypted
    }

    /// Whether SOPS encrypted a file, or a part of it.
    package static func isEncrypted(_ file: [UInt8]) -> Bool {
        EncryptedMark.isIn(file)
    }

    /// The objects that Flux makes of them: variables replaced, common metadata and the applier's labels added.
    ///
    /// - Shape: an object of which weir cannot tell what Git wants becomes a riddle, never a guess.
    /// - Errors: a sentence where the text is no YAML at all.
    package func desired(
        by applier: ObjectRef,
        _ recipe: ApplierRecipe
    ) -> Result<DesiredState, GitFailure> {
        var state = DesiredState(
            objects: [],
            riddles: [],
            renderer: renderer,
            remarks: remarks + recipe.remarks
        )
        let variables = VariableSubstitution(recipe)
        for document in RenderedManifests.documents(text) {
            guard let plain = ObjectValue.documents(document) else {
                // Braces of a variable may make invalid YAML until it is replaced.
                guard !variables.isEmpty, let expanded = try? variables.expand(document),
                    let values = ObjectValue.documents(expanded)
                else {
                    return .failure(
                        GitFailure(.invalid, "What \(renderer) made is no YAML that weir can read.")
                    )
                }
                values.forEach { take($0, applier, recipe.spec, &state) }
                continue
            }
            guard let first = plain.first, !variables.isEmpty, !RenderedManifests.isLeftAlone(first),
                !plain.contains(where: EncryptedMark.isIn)
            else {
                plain.forEach { take($0, applier, recipe.spec, &state) }
                continue
            }
            do throws(VariableSubstitution.Unknown) {
                let expanded = try variables.expand(document)
                let values = expanded == document ? plain : ObjectValue.documents(expanded) ?? plain
                values.forEach { take($0, applier, recipe.spec, &state) }
            } catch {
                if let entry = RenderedManifests.entry(first) {
                    state.riddles.append(DesiredState.Riddle(entry: entry, why: error.why))
                }
            }
        }
        setApartUsersOfEncrypted(&state)
        return .success(state)
    }

    private static let encryptedWords = "is encrypted with SOPS"

    /// The name of a generated object depends on what is in it, which only Flux can decrypt.
    private func setApartUsersOfEncrypted(_ state: inout DesiredState) {
        let riddles = state.riddles.filter { $0.why == RenderedManifests.encryptedWords }
        if riddles.isEmpty, let first = encrypted.first {
            let more = encrypted.count > 1 ? " and \(encrypted.count - 1) more" : ""
            state.remarks.append(
                "\(Sanitiser.line(first))\(more) is encrypted with SOPS, and nothing that was built shows where it went"
            )
        }
        let names = Set(riddles.map(\.entry.name).filter(EncryptedMark.isHashed))
        guard !names.isEmpty else {
            return
        }
        state.objects.removeAll { object in
            guard let name = EncryptedMark.names(names, in: object.body).min() else {
                return false
            }
            let why = "refers to \(name), whose name depends on what SOPS encrypted"
            state.riddles.append(DesiredState.Riddle(entry: object.entry, why: why))
            return true
        }
    }

    private func take(
        _ value: ObjectValue,
        _ applier: ObjectRef,
        _ spec: ObjectValue,
        _ state: inout DesiredState,
        isEncrypted: Bool = false
    ) {
        if value["kind"]?.text?.hasSuffix("List") == true, let items = value["items"]?.elements {
            // The block may stand beside the items.
            let isEncrypted = isEncrypted || value["sops"] != nil
            items.forEach { take($0, applier, spec, &state, isEncrypted: isEncrypted) }
            return
        }
        guard let entry = RenderedManifests.entry(value) else {
            return
        }
        guard !isEncrypted, !EncryptedMark.isIn(value) else {
            state.riddles.append(DesiredState.Riddle(entry: entry, why: RenderedManifests.encryptedWords))
            return
        }
        var body = value
        for part in ["labels", "annotations"] {
            if let common = spec["commonMetadata"]?[part]?.members, !common.isEmpty {
                RenderedManifests.add(common, to: part, of: &body)
            }
        }
        RenderedManifests.add(
            [
                "kustomize.toolkit.fluxcd.io/name": .string(applier.name),
                "kustomize.toolkit.fluxcd.io/namespace": .string(applier.namespace),
            ],
            to: "labels",
            of: &body
        )
        // A status in a manifest is not applied.
        body["status"] = nil
        if entry.isSecret {
            RenderedManifests.pack(&body)
        }
        state.objects.append(DesiredState.Object(entry: entry, body: body))
    }

    static func add(_ values: [String: ObjectValue], to part: String, of body: inout ObjectValue) {
        var metadata = body["metadata"] ?? .object([:])
        metadata[part] = .object((metadata[part]?.members ?? [:]).merging(values) { $1 })
        body["metadata"] = metadata
    }

    /// Moves `stringData` of a Secret into its data, as kustomize-controller does before it applies: by server-side
    /// apply the server would own it under a name that nothing is ever read by.
    private static func pack(_ secret: inout ObjectValue) {
        guard let plain = secret["stringData"]?.members, plain.values.allSatisfy({ $0.text != nil }) else {
            return
        }
        let packed = plain.mapValues { ObjectValue.string(Data(($0.text ?? "").utf8).base64EncodedString()) }
        secret["data"] = .object((secret["data"]?.members ?? [:]).merging(packed) { $1 })
        secret["stringData"] = nil
    }

    /// True for objects that opt out of substitution.
    private static func isLeftAlone(_ value: ObjectValue) -> Bool {
        let mark = "kustomize.toolkit.fluxcd.io/substitute"
        return ["labels", "annotations"].contains { value["metadata"]?[$0]?[mark]?.text == "disabled" }
    }

    static func entry(_ value: ObjectValue) -> InventoryEntry? {
        guard let kind = value["kind"]?.text, let version = value["apiVersion"]?.text,
            let name = value["metadata"]?["name"]?.text
        else {
            return nil
        }
        let parts = version.split(separator: "/", maxSplits: 1)
        return InventoryEntry(
            namespace: Sanitiser.line(value["metadata"]?["namespace"]?.text ?? "", limit: 250),
            name: Sanitiser.line(name, limit: 250),
            group: parts.count == 2 ? Sanitiser.line(String(parts[0]), limit: 250) : "",
            kind: Sanitiser.line(kind, limit: 100),
            version: Sanitiser.line(parts.last.map(String.init) ?? "v1", limit: 60)
        )
    }

    /// The documents of a YAML text; a `---` within a block of text is indented and parts nothing.
    static func documents(_ text: String) -> [String] {
        var documents: [String] = []
        var lines: [Substring] = []
        // Among Characters, a break after a carriage return is none.
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = Substring(line)
            if line == "---" || line.hasPrefix("--- ") || line == "---\r" {
                documents.append(lines.joined(separator: "\n"))
                lines = []
            } else {
                lines.append(line)
            }
        }
        documents.append(lines.joined(separator: "\n"))
        return documents.filter { $0.contains { !$0.isWhitespace } }
    }
}
