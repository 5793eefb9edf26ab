import Chrono
import Kube
import KubeWire

/// Looks for single objects, a few at a time.
struct LookQueue {
    /// Looks under way at the same time.
    static let limit = 4

    private var waiting: [InventoryEntry] = []
    private var next = 0
    var running = 0
    /// The edition of what is missing that was published last, and when.
    var shown = 0
    var lastShown: UInt64 = 0
    var isShowPlanned = false
    /// True while what could not be settled is going to be looked at again.
    var isRepeatPlanned = false

    /// True where nothing waits, is looked at, or is yet to be shown.
    var isIdle: Bool { next == waiting.count && running == 0 && !isShowPlanned }

    mutating func add(_ entries: [InventoryEntry]) {
        waiting += entries
    }

    mutating func take() -> InventoryEntry? {
        guard next < waiting.count else {
            return nil
        }
        defer {
            next += 1
            if next == waiting.count {
                waiting = []
                next = 0
            }
        }
        return waiting[next]
    }
}

// Objects that inventories name and no watch shows, one by one.
extension ClusterWorker {
    func lookOn() {
        while looks.running < LookQueue.limit, let entry = looks.take() {
            looks.running += 1
            look(for: entry, name: entry.name)
        }
    }

    /// Asks with a list of one name: whoever may watch a kind may do that.
    private func look(for entry: InventoryEntry, name: String) {
        guard
            let resource = discovery.resource(
                group: entry.group,
                kind: entry.kind,
                version: entry.version
            )
        else {
            conclude(entry, .unknown("its kind is not served"))
            return
        }
        // An inventory that was written before the kind was known names it without a namespace.
        guard !entry.namespace.isEmpty || !resource.isNamespaced else {
            conclude(entry, .present(isStray: false))
            return
        }
        line.collect(.named(name, resource, namespace: entry.namespace)) { [unowned self] result in
            guard !isStopped else {
                return
            }
            switch result {
            case .success(let answer) where answer.isSuccess: read(answer, entry, name)
            case .success(let answer): conclude(entry, .unknown(answer.status.message))
            case .failure(let failure): conclude(entry, .unknown(failure.message))
            }
        }
    }

    private func read(_ answer: KubeAnswer, _ entry: InventoryEntry, _ name: String) {
        guard let question = missing.question(entry) else {
            conclude(entry, .unknown(""))
            return
        }
        let reader = AnswerReader<ObjectMetadata>(
            cluster: settings.id,
            readsOwnership: true,
            family: OwnerFamily.allCases.first { $0.kind.kind == question.applier.kind }
        )
        do throws(KubeStatus) {
            let page = try reader.page(answer.body)
            if let object = page.items.first(where: { $0.name == name }) {
                let isStray = drift.looked(
                    at: entry,
                    object,
                    of: question.applier,
                    since: question.onset,
                    now: Clock.now()
                )
                conclude(entry, .present(isStray: isStray))
            } else if name == entry.name, name.contains(":") {
                // Ids write ":" as "__", and so a name that really holds "__" reads as one with ":".
                look(for: entry, name: name.replacing(":", with: "__"))
            } else {
                drift.lookedInVain(for: entry, of: question.applier)
                conclude(entry, .absent)
            }
        } catch {
            conclude(entry, .unknown(error.message))
        }
    }

    private func conclude(_ entry: InventoryEntry, _ finding: MissingTracker.Finding) {
        looks.running -= 1
        missing.looked(at: entry, finding, now: Clock.now())
        lookOn()
        showMissing()
        showDrift()
        showSights()
        planRepeat()
        // The inventory changed while it was looked for.
        judgeMissing()
    }

    /// What no watch will tell of is looked at again now and then.
    private func planRepeat() {
        guard missing.hasUnsettled, !looks.isRepeatPlanned else {
            return
        }
        looks.isRepeatPlanned = true
        alarms.set(repeatAlarm, after: .seconds(Double.random(in: 25...35, using: &random))) {
            [unowned self] in
            looks.isRepeatPlanned = false
            missing.lookAgain()
            judgeMissing()
            planRepeat()
        }
    }
}
