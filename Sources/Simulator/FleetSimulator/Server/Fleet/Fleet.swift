import Foundation
import NIOCore
import NIOPosix

/// A whole fleet: clusters with their servers and controllers, the Git host, and the files that lead to them.
///
/// - Thread: one, which is not an event loop; `start` and `stop` wait until all is done.
package final class Fleet {
    /// Why a fleet cannot start.
    package struct Problem: Error, CustomStringConvertible {
        /// One sentence without a full stop.
        package let description: String
    }

    let clusters: [SimulatedCluster]
    let gitHost: GitHost
    private let options: FleetOptions
    private let files: FleetFiles
    private let loops: MultiThreadedEventLoopGroup
    private let control: ControlServer
    private let controlToken: String
    private var controllers: [FluxRuntime] = []

    /// Prepares everything; no port of a cluster is opened yet.
    package init(options: FleetOptions) throws {
        let names = options.clusterNames
        for name in options.faults.map(\.cluster) where name != "*" && !names.contains(name) {
            throw Problem(
                description: "there is no cluster \"\(name)\"; there are \(names.joined(separator: ", "))"
            )
        }
        self.options = options
        let files = try FleetFiles(directory: options.directory)
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        do {
            gitHost = try GitHost(directory: files.directory)
            clusters = try Self.clusters(options, on: loops)
            controlToken = UUID().uuidString.lowercased()
            let api = ControlAPI(clusters: clusters, token: controlToken)
            do {
                control = try ControlServer(api: api, port: options.controlPort)
            } catch {
                throw Problem(description: "the control endpoint cannot listen: \(error)")
            }
        } catch {
            try? loops.syncShutdownGracefully()
            files.cleanUp()
            throw error
        }
        self.files = files
        self.loops = loops
    }

    private static func clusters(
        _ options: FleetOptions,
        on loops: MultiThreadedEventLoopGroup
    ) throws -> [SimulatedCluster] {
        try options.clusterNames.enumerated().map { index, name in
            var settings = SimulatedCluster.Settings()
            settings.port = options.portBase == 0 ? 0 : options.portBase + index
            settings.allowsAnonymous = options.allowsAnonymous
            settings.tenantNamespace = options.tenantNamespace
            return try SimulatedCluster(
                name: name,
                store: ObjectStore(seed: options.seed &+ UInt64(index)),
                settings: settings,
                eventLoop: loops.next()
            )
        }
    }

    /// Fills the clusters, opens all ports and writes the files; when it returns, everything is served.
    package func start() throws {
        _ = try gitHost.start()
        let sources = try DemoFleet.seed(
            clusters: clusters.map { ($0.name, $0.store) },
            gitHost: gitHost,
            resources: options.resources,
            seed: options.seed
        )
        controllers = clusters.enumerated().map { index, cluster in
            FluxRuntime(
                clusterName: cluster.name,
                store: cluster.store,
                gitHost: gitHost,
                options: options.flux,
                seed: options.seed &+ UInt64(index)
            )
        }
        for (name, fault) in options.faults {
            for cluster in clusters where name == "*" || name == cluster.name { cluster.server.add(fault) }
        }
        for cluster in clusters {
            do {
                try cluster.start()
            } catch {
                throw Problem(
                    description: "\(cluster.name) cannot listen on port \(cluster.server.port): \(error)"
                )
            }
        }
        for runtime in controllers { runtime.start() }
        try writeFiles(sources)
    }

    /// Closes everything and removes the files.
    package func stop() {
        control.stop()
        for runtime in controllers { runtime.stop() }
        for cluster in clusters { cluster.stop() }
        gitHost.stop()
        try? loops.syncShutdownGracefully()
        files.cleanUp()
    }

    /// The kubeconfig comes last: who waits for it finds the others beside it.
    private func writeFiles(_ sources: [SourceEntry]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let list = String(decoding: try encoder.encode(sources), as: UTF8.self)
        try FleetFiles.writePrivately(list + "\n", to: files.sources)
        let place = ["url": "http://127.0.0.1:\(control.port)", "token": controlToken]
        let door = String(decoding: try encoder.encode(place), as: UTF8.self)
        try FleetFiles.writePrivately(door + "\n", to: files.control)
        try KubeconfigWriter.write(clusters, to: files.kubeconfig)
    }
}
