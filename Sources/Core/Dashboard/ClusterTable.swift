package import Kube

/// The pictures of all clusters by name, each read and changed where it lies.
///
/// A picture holds much: a dictionary would copy it for each look at it.
package struct ClusterTable: Sendable {
    /// In the order of their names; who walks through them by index copies none.
    package internal(set) var values: [ClusterPicture]
    package private(set) var ids: [ClusterID]
    private var places: [ClusterID: Int] = [:]

    /// - Shape: of several with one name, the first counts.
    init(_ pictures: some Sequence<ClusterPicture>) {
        values = []
        ids = []
        for picture in pictures {
            _ = place(addingIfNew: picture)
        }
    }

    package var count: Int { values.count }

    package subscript(id: ClusterID) -> ClusterPicture? {
        place(of: id).map { values[$0] }
    }

    /// Each cluster with the version of what a list takes from it.
    func versions(_ version: (borrowing ClusterPicture) -> Int) -> [(id: ClusterID, version: Int)] {
        ids.indices.map { (ids[$0], version(values[$0])) }
    }

    func place(of id: ClusterID) -> Int? { places[id] }

    /// The place of the cluster, which is put among the others where it is new.
    mutating func place(addingIfNew picture: ClusterPicture) -> Int {
        let id = picture.profile.id
        if let known = places[id] {
            return known
        }
        let place = ids.partitioningIndex { !($0 < id) }
        ids.insert(id, at: place)
        values.insert(picture, at: place)
        for (index, id) in ids.enumerated().dropFirst(place) {
            places[id] = index
        }
        return place
    }
}
