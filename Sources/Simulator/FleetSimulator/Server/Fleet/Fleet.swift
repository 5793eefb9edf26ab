import Foundation
import NIOCore
import NIOPosix

/// A whole fleet: clusters with their servers and controllers, the Git host, and the files that lead to them.
///
/// - Thread: one, which is not an event loop; `start` and `stop` wait until all is done.
package final class Fleet {
    /// Why a fleet cannot start.
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    package let clusters: [SimulatedCluster]
    private let options: FleetOptions
    private let files: FleetFiles
    private let loops: MultiThreadedEventLoopGroup
    private let control: ControlServer
    private let controlToken: String

    /// Prepares everything; no port of a cluster is opened yet.
    package init(options: FleetOptions) throws {
        let names = options.clusterNames
        for name in options.faults.map(\.cluster) where name != "*" && !names.contains(name) {
            throw Problem(
                description: "there is no cluster \"\(name)\"; there are \(names.joined(separator: ", "))"
            )
        }
        self.options = options
        files = try FleetFiles(directory: options.directory)
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        self.loops = loops
        clusters = try names.enumerated().map { index, name in
            var settings = SimulatedCluster.Settings()
            settings.port = options.portBase == 0 ? 0 : options.portBase + index
            settings.allowsAnonymous = options.allowsAnonymous
            return try SimulatedCluster(
                name: name,
                store: ObjectStore(seed: options.seed &+ UInt64(index)),
                settings: settings,
                eventLoop: loops.next()
            )
        }
        controlToken = UUID().uuidString.lowercased()
        control = try ControlServer(
            api: ControlAPI(clusters: clusters, token: controlToken),
            port: options.controlPort
        )
    }

    /// Opens all ports and writes the files; when it returns, everything is served.
    package func start() throws {
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
        let text = "{\"url\":\"http://127.0.0.1:\(control.port)\",\"token\":\"\(controlToken)\"}\n"
        try FleetFiles.writePrivately(text, to: files.control)
        try KubeconfigWriter.write(clusters, to: files.kubeconfig)
    }

    /// Closes everything and removes the files.
    package func stop() {
        control.stop()
        for cluster in clusters { cluster.stop() }
        try? loops.syncShutdownGracefully()
        files.cleanUp()
    }
}
