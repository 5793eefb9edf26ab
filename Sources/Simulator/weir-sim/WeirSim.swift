import ArgumentParser
import FleetSimulator
import Foundation

/// Starts a fleet of simulated clusters and serves it until it is told to stop.
@main
struct WeirSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir-sim",
        abstract: "A fleet in a box: Kubernetes API servers, Flux controllers and a Git host in one process.",
        discussion: """
            Writes kubeconfig, sources.json and control.json into the directory, prints "ready" on a line of its \
            own when all is served, and removes everything again on SIGTERM or SIGINT.

            Example: weir-sim --directory /tmp/fleet --clusters 3 --fault prod-us=slow:800
            Then:    kubectl --kubeconfig /tmp/fleet/kubeconfig --context prod-eu get kustomizations -A

            Faults: KIND[:NUMBER][,only=CLASS+CLASS][,namespace=NAME][,resource=PLURAL][,times=NUMBER], where KIND is one of \
            \(Fault.names.joined(separator: ", ")), and CLASS one of list, watch, get, write, review, discovery, other.
            """
    )

    @Option(help: "The directory for the files; it is made when it is missing.")
    var directory: String

    @Option(help: "How many clusters.")
    var clusters = 6

    @Option(help: "How many Flux objects each cluster has, roughly.")
    var resources = 40

    @Option(help: "What the fleet is made from: the same number makes the same fleet.")
    var seed: UInt64 = 1

    @Option(help: "The port of the first cluster; the others follow. 0 takes free ports.")
    var portBase = 0

    @Option(help: "The port of the control endpoint. 0 takes a free one.")
    var controlPort = 0

    @Option(help: "A cluster that is down from the start; may be repeated.")
    var down: [String] = []

    @Option(help: "A fault from the start, as CLUSTER=FAULT; * means every cluster; may be repeated.")
    var fault: [String] = []

    @Option(help: "How much faster than real everything happens: 10 makes a minute of work six seconds.")
    var speed = 1.0

    @Option(help: "How much faster the intervals between runs are; the same as --speed when not given.")
    var intervalSpeed: Double?

    @Option(help: "Status changes a second in each cluster, made for their own sake.")
    var churn = 0.0

    @Option(
        help: "Deployments in each cluster whose count an autoscaler moves, of those that Git leaves open."
    )
    var autoscaled = 1

    @Flag(inversion: .prefixedNo, help: "Let an injector write certificates into webhook configurations.")
    var injector = true

    @Flag(help: "Let image automation commit new tags.")
    var imageBot = false

    @Option(help: "Seconds between new tags of scanned images, before --speed.")
    var newImageEvery: Double?

    @Option(
        help:
            "An image, as NAME:TAG, whose pods never become ready; may be repeated. Tags on -bad always are."
    )
    var badImage: [String] = []

    @Option(help: "The namespace that the tenant of each cluster lives in.")
    var tenantNamespace: String?

    @Flag(help: "Answer requests without credentials with 401 instead of serving them as system:anonymous.")
    var noAnonymous = false

    @Flag(help: "End when standard input ends, too.")
    var endWithInput = false

    func validate() throws {
        guard (1...500).contains(clusters) else {
            throw ValidationError("--clusters must be between 1 and 500.")
        }
        guard (0...20_000).contains(resources) else {
            throw ValidationError("--resources must be between 0 and 20000.")
        }
        guard speed > 0, (intervalSpeed ?? 1) > 0 else {
            throw ValidationError("--speed and --interval-speed must be above 0.")
        }
        guard autoscaled >= 0 else {
            throw ValidationError("--autoscaled must not be below 0.")
        }
        guard churn >= 0 else {
            throw ValidationError("--churn must not be below 0.")
        }
        guard portBase == 0 || (1...(65_535 - clusters)).contains(portBase) else {
            throw ValidationError("--port-base leaves no room for \(clusters) ports below 65536.")
        }
    }

    func run() throws {
        let options = try options()
        // The signals are waited for below; every thread started from here on leaves them alone.
        let stopSignals = StopSignals(includingEndOfInput: endWithInput)
        let fleet: Fleet
        do {
            fleet = try Fleet(options: options)
        } catch {
            throw failure(error)
        }
        do {
            try fleet.start()
        } catch {
            fleet.stop()
            throw failure(error)
        }
        FileHandle.standardOutput.write(Data("ready\n".utf8))
        stopSignals.wait()
        fleet.stop()
    }

    /// Says in one sentence why the fleet is not there.
    private func failure(_ error: any Error) -> ExitCode {
        FileHandle.standardError.write(Data("weir-sim: \(error)\n".utf8))
        return .failure
    }

    private func options() throws -> FleetOptions {
        var options = FleetOptions(directory: directory)
        options.clusterCount = clusters
        options.resources = resources
        options.seed = seed
        options.portBase = portBase
        options.controlPort = controlPort
        options.allowsAnonymous = !noAnonymous
        if let tenantNamespace { options.tenantNamespace = tenantNamespace }
        options.flux.timeFactor = 1 / speed
        options.flux.intervalFactor = intervalSpeed.map { 1 / $0 }
        options.flux.statusChangesPerSecond = churn
        options.flux.imageBotCommits = imageBot
        options.flux.autoscaled = autoscaled
        options.flux.injectsCertificates = injector
        options.flux.newImageEvery = newImageEvery
        options.flux.badImages.formUnion(badImage)
        options.faults = try down.map { ($0, Fault(.down)) } + fault.map(parseFault)
        return options
    }

    private func parseFault(_ text: String) throws -> (cluster: String, fault: Fault) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("--fault needs CLUSTER=FAULT, not \"\(text)\".")
        }
        do {
            return (parts[0], try Fault(parsing: parts[1]))
        } catch {
            throw ValidationError("--fault \(parts[1]): \(error)")
        }
    }
}
