/// What the image controllers write.
enum ImageScan {
    static let reflector = "image-reflector-controller"
    static let automation = "image-automation-controller"

    /// Tags of a repository have been read.
    static func scanned(_ object: inout JSON, tags: [String]) {
        let image = object.text("spec", "image") ?? ""
        let newest = tags.sorted { left, right in
            guard let one = SemanticVersion(left), let other = SemanticVersion(right) else {
                return left > right
            }
            return one > other
        }
        let checksum = String(
            ContentDigest.digest(Array(tags.sorted().joined(separator: ",").utf8)).prefix(4).reduce(0) {
                $0 << 8 | UInt64($1)
            }
        )
        object[path: "status", "canonicalImageName"] = .string(image)
        object[path: "status", "lastScanResult"] = [
            "latestTags": .array(newest.prefix(10).map { .string($0) }), "revision": .string(checksum),
            "scanTime": .string(SimulatedTime.text()), "tagCount": .int(Int64(tags.count)),
        ]
        let message = "successful scan: found \(tags.count) tags with checksum \(checksum)"
        object.setCondition("Ready", "True", "Succeeded", message)
        finish(&object)
    }

    /// A policy has looked at the tags of its repository.
    static func chosen(_ object: inout JSON, image: String, tags: [String]) {
        guard let tag = latest(of: tags, by: object) else {
            let message = "cannot determine latest tag for policy: no image found for policy"
            object.setCondition("Ready", "False", "PolicyError", message)
            object.acknowledgeRequest()
            return
        }
        let before = object.text("status", "latestRef", "tag")
        if let before, before != tag {
            object[path: "status", "observedPreviousRef"] = ["name": .string(image), "tag": .string(before)]
        }
        object[path: "status", "latestRef"] = ["name": .string(image), "tag": .string(tag)]
        let previous = object.text("status", "observedPreviousRef", "tag").map {
            " (previously \(image):\($0))"
        }
        let message = "Latest image tag for \(image) resolved to \(tag)\(previous ?? "")"
        object.setCondition("Ready", "True", "Succeeded", message)
        finish(&object)
    }

    /// The tag that `spec.policy` prefers; nil when none fits.
    static func latest(of tags: [String], by policy: JSON) -> String? {
        var tags = tags
        if let pattern = policy.text("spec", "filterTags", "pattern"), let expression = try? Regex(pattern) {
            tags = tags.filter { $0.contains(expression) }
        }
        if let range = policy.text("spec", "policy", "semver", "range").flatMap(VersionRange.init) {
            return tags.compactMap { tag in SemanticVersion(tag).map { (tag, $0) } }
                .filter { range.contains($0.1) }
                .max { $0.1 < $1.1 }?.0
        }
        let descending =
            policy.text("spec", "policy", "alphabetical", "order") == "desc"
            || policy.text("spec", "policy", "numerical", "order") == "desc"
        let sorted: [String]
        if policy[path: "spec", "policy", "numerical"] != nil {
            sorted = tags.filter { Double($0) != nil }.sorted { (Double($0) ?? 0) < (Double($1) ?? 0) }
        } else {
            sorted = tags.sorted()
        }
        return descending ? sorted.first : sorted.last
    }

    static func finish(_ object: inout JSON) {
        object.removeCondition("Reconciling")
        object.removeCondition("Stalled")
        object.acknowledgeRequest()
        object.observeGeneration()
    }
}
