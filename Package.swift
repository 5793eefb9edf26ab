// swift-tools-version: 6.2
// The rooms of weir, from the bottom to the top. A target may import only what its line names:
// `swift build --explicit-target-dependency-import-check error` (in the Makefile) makes that a law.
import PackageDescription

// The checks set WEIR_STRICT; who only builds weir is not stopped by the warning of a newer compiler.
let strict: [SwiftSetting] =
    Context.environment["WEIR_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
    strict + [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]

func room(_ floor: String, _ name: String, _ imports: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: imports, path: "Sources/\(floor)/\(name)", swiftSettings: settings)
}

func shim(_ name: String, link libraries: [String] = []) -> Target {
    .target(
        name: name,
        path: "Sources/Shims/\(name)",
        linkerSettings: libraries.map { .linkedLibrary($0) }
    )
}

func tests(_ name: String, _ imports: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: imports,
        path: "Tests/\(name)Tests",
        exclude: exclude,
        swiftSettings: settings
    )
}

let treeCollections = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "weir",
    products: [
        .executable(name: "weir", targets: ["weir"]),
        .executable(name: "weir-sim", targets: ["weir-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // The simulator alone uses these.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
    ],
    targets: [
        // Shims: C only, no logic.
        shim("CCurses", link: ["ncursesw"]),
        shim("CCurl", link: ["curl"]),
        shim("CGit2", link: ["git2"]),
        shim("CPosix", link: ["util"]),
        shim("CVTerm", link: ["vterm"]),
        shim("CZlib", link: ["z"]),

        // Core: pure values. No Dispatch, no files, no clock, no C.
        room("Core", "Text"),
        room("Core", "Chrono"),
        room("Core", "Keys"),
        room("Core", "Screen", ["Text"]),
        room("Core", "Themes", ["Screen", toml]),
        room("Core", "Configuration", ["Keys", "Chrono", toml]),
        room("Core", "Kube", ["Chrono", "Text", treeCollections]),
        room("Core", "KubeWire", ["Kube", "Chrono", "Text", yams]),
        room("Core", "Git", ["Kube", "Chrono", "Text", yams, treeCollections]),
        room(
            "Core",
            "Dashboard",
            ["Kube", "Git", "Keys", "Configuration", "Chrono", "Text", treeCollections]
        ),
        room(
            "Core",
            "Views",
            [
                "Configuration", "Dashboard", "Kube", "Git", "Screen", "Text", "Chrono", "Keys",
                treeCollections,
            ]
        ),

        // IO: one outside thing each.
        room("IO", "Wire", ["CCurl", "CPosix"]),
        room(
            "IO",
            "Clusters",
            ["Wire", "KubeWire", "Kube", "Chrono", "Text", "CPosix", "CZlib", treeCollections]
        ),
        room("IO", "Repos", ["CGit2", "CPosix", "Git", "Kube", "Chrono", "Text"]),
        room("IO", "Ledger", ["Kube", "Chrono", grdb]),
        room("IO", "Terminal", ["CCurses", "CPosix", "Screen", "Themes", "Keys", "Text"]),

        // App: the front door.
        room(
            "App",
            "Engine",
            [
                "Text", "Chrono", "Keys", "Screen", "Themes", "Configuration", "Kube", "KubeWire", "Git",
                "Dashboard", "Views", "Wire", "Clusters", "Repos", "Ledger", "Terminal", "CPosix", log,
                treeCollections,
            ]
        ),
        .executableTarget(
            name: "weir",
            dependencies: ["Engine", arguments],
            path: "Sources/App/weir",
            swiftSettings: settings
        ),

        // Simulator: a fleet in a box. `weir` never links it.
        room(
            "Simulator",
            "FleetSimulator",
            [
                "CGit2", "CPosix", "CZlib", "Kube", "Chrono", yams,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]
        ),
        .executableTarget(
            name: "weir-sim",
            dependencies: ["FleetSimulator", arguments],
            path: "Sources/Simulator/weir-sim",
            swiftSettings: settings
        ),

        tests("Text", ["Text"]),
        tests("Chrono", ["Chrono"]),
        tests("Keys", ["Keys"]),
        tests("Screen", ["Screen", "Text"]),
        tests("Themes", ["Themes", "Screen"]),
        tests("Configuration", ["Configuration", "Keys"]),
        tests("Kube", ["Kube", "Chrono", "Text", treeCollections]),
        tests("KubeWire", ["KubeWire", "Kube", "Chrono"]),
        tests("Git", ["Git", "Kube", "Chrono", treeCollections]),
        tests("Dashboard", ["Dashboard", "Kube", "Git", "Keys", "Configuration", "Chrono", treeCollections]),
        tests(
            "Views",
            [
                "Views", "Dashboard", "Kube", "Git", "Screen", "Keys", "Configuration", "Chrono",
                treeCollections,
            ],
            exclude: ["Goldens"]
        ),
        tests("Wire", ["Wire", "ProgramTesting", "CCurl", "CPosix"]),
        tests(
            "Clusters",
            [
                "Clusters", "ProgramTesting", "ProxyTesting", "Wire", "KubeWire", "Kube", "Chrono", "CPosix",
                treeCollections,
            ]
        ),
        tests("Ledger", ["Ledger", "ProgramTesting", "Kube", "Chrono"]),
        tests("Repos", ["Repos", "ProgramTesting", "Git", "Kube", "Chrono", "CPosix"]),
        tests(
            "Terminal",
            [
                "Terminal", "TerminalTesting", "terminal-probe", "Screen", "Themes", "Keys", "Text", "CPosix",
                "CVTerm",
            ]
        ),
        tests(
            "Engine",
            ["Engine", "Dashboard", "Kube", "Git", "Clusters", "Repos", "Ledger", "Configuration", "Chrono"]
        ),
        tests(
            "FleetSimulator",
            [
                "FleetSimulator", "ProgramTesting", "Kube", "weir-sim",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        tests(
            "Story",
            [
                "TerminalTesting", "ProgramTesting", "ProxyTesting", "weir", "weir-sim", "Screen", "Keys",
                "CPosix", "CVTerm",
            ]
        ),

        // What tests share: programs and how they end, a terminal emulator with one in it, a proxy, and a program that
        // misbehaves on demand.
        .target(
            name: "TerminalTesting",
            dependencies: ["CPosix", "CVTerm", "Screen", "Themes", "Keys"],
            path: "Tests/Support/TerminalTesting",
            swiftSettings: settings
        ),
        .target(
            name: "ProgramTesting",
            dependencies: ["CPosix"],
            path: "Tests/Support/ProgramTesting",
            swiftSettings: settings
        ),
        .target(
            name: "ProxyTesting",
            dependencies: ["CPosix"],
            path: "Tests/Support/ProxyTesting",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "terminal-probe",
            dependencies: ["Terminal", "Screen", "Themes", "Keys", "CPosix"],
            path: "Tests/Support/terminal-probe",
            swiftSettings: settings
        ),
    ]
)
