extension Recorded {
    /// A master of 1.20 with everything that a node can have, and a taint effect of the future.
    static let node = """
        {
          "metadata": {
            "name": "demo-control-plane-local-a-1",
            "selfLink": "/api/v1/nodes/demo-control-plane-local-a-1",
            "uid": "0a0b7a46-9f0e-4b6c-93d1-2c8f2a1d3c11",
            "resourceVersion": "4711",
            "creationTimestamp": "2024-05-02T10:11:12Z",
            "labels": {
              "beta.kubernetes.io/os": "linux",
              "kubernetes.io/hostname": "demo-control-plane-local-a-1",
              "node-role.kubernetes.io/control-plane": "",
              "topology.kubernetes.io/zone": "local-a"
            },
            "annotations": {
              "node.alpha.kubernetes.io/ttl": "0",
              "volumes.kubernetes.io/controller-managed-attach-detach": "true"
            },
            "managedFields": [
              {"manager": "kubelet", "operation": "Update", "apiVersion": "v1", "time": "2024-05-02T10:11:12Z",
               "fieldsType": "FieldsV1", "fieldsV1": {"f:metadata": {"f:annotations": {".": {}}}}}
            ]
          },
          "spec": {
            "podCIDR": "10.244.0.0/24",
            "podCIDRs": ["10.244.0.0/24"],
            "providerID": "local://demo/demo-control-plane-local-a-1",
            "unschedulable": true,
            "taints": [
              {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"},
              {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule", "timeAdded": "2024-05-02T10:12:00Z"},
              {"key": "example.com/odd", "value": "yes", "effect": "NoTimeTravel"},
              {"key": "example.com/busy", "value": "very", "effect": "PreferNoSchedule"}
            ]
          },
          "status": {
            "capacity": {"cpu": "2", "ephemeral-storage": "61203244Ki", "memory": "8145524Ki", "pods": "110"},
            "allocatable": {"cpu": "2", "memory": "8043124Ki", "pods": "110"},
            "conditions": [
              {"type": "MemoryPressure", "status": "False", "lastHeartbeatTime": "2024-05-02T10:20:00Z",
               "lastTransitionTime": "2024-05-02T10:11:12Z", "reason": "KubeletHasSufficientMemory",
               "message": "kubelet has sufficient memory available"},
              {"type": "Ready", "status": "True", "lastHeartbeatTime": "2024-05-02T10:20:00Z",
               "lastTransitionTime": "2024-05-02T10:11:22Z", "reason": "KubeletReady",
               "message": "kubelet is posting ready status"}
            ],
            "addresses": [
              {"type": "InternalIP", "address": "100.96.8.10"},
              {"type": "Hostname", "address": "demo-control-plane-local-a-1"}
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
              "machineID": "1f2e", "systemUUID": "1f2e", "bootID": "b00t", "kernelVersion": "6.1.0-18-amd64",
              "osImage": "Debian GNU/Linux 12 (bookworm)", "containerRuntimeVersion": "containerd://1.6.20",
              "kubeletVersion": "v1.20.2", "kubeProxyVersion": "v1.20.2", "operatingSystem": "linux", "architecture": "amd64"
            },
            "images": null
          }
        }
        """

    /// As it stands a moment after its kubelet registered: taints of a newer server, nulls where Go has nil.
    static let youngNode = """
        {"kind":"Node","apiVersion":"v1","metadata":{"name":"demo-nodes-local-b-2","labels":null},
        "spec":{"taints":[{"key":"slipway.dev/startup","effect":"NoSchedule"}]},
        "status":{"conditions":null,"addresses":null,"nodeInfo":{"kubeletVersion":"v1.36.0","swap":{"capacity":0}},
        "features":{"supplementalGroupsPolicy":true}}}
        """

    static let runningPod = """
        {
          "metadata": {
            "name": "web-5d8c7b9d4-x2x7z", "generateName": "web-5d8c7b9d4-", "namespace": "shop",
            "uid": "6a2c0d57-2f41-4f1a-8a0e-9d7f7a6f0b55", "resourceVersion": "901",
            "creationTimestamp": "2024-05-02T10:30:00Z",
            "labels": {"app": "web", "pod-template-hash": "5d8c7b9d4"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-5d8c7b9d4", "uid": "x",
                                 "controller": true, "blockOwnerDeletion": true}]
          },
          "spec": {
            "containers": [{"name": "web", "image": "localhost/web:1", "ports": [{"containerPort": 8080, "protocol": "TCP"}],
                            "resources": {}, "imagePullPolicy": "Never"}],
            "restartPolicy": "Always", "nodeName": "demo-nodes-local-a-1", "schedulerName": "default-scheduler",
            "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}]
          },
          "status": {
            "phase": "Running",
            "conditions": [
              {"type": "Initialized", "status": "True", "lastProbeTime": null, "lastTransitionTime": "2024-05-02T10:30:00Z"},
              {"type": "Ready", "status": "True", "lastProbeTime": null, "lastTransitionTime": "2024-05-02T10:30:03Z"}
            ],
            "hostIP": "100.96.8.11", "podIP": "10.244.1.2", "podIPs": [{"ip": "10.244.1.2"}],
            "startTime": "2024-05-02T10:30:00Z", "qosClass": "BestEffort"
          }
        }
        """

    static let pendingPod = """
        {"metadata":{"name":"web-5d8c7b9d4-zzzzz","namespace":"shop","uid":"77"},
        "spec":{"containers":[{"name":"web","image":"localhost/web:1"}]},
        "status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable",
        "message":"0/2 nodes are available: 2 node(s) had taints that the pod didn't tolerate."}]}}
        """

    static let events = """
        {"kind":"EventList","apiVersion":"v1","metadata":{"resourceVersion":"990"},"items":[
        {"metadata":{"name":"n.3","namespace":"default","creationTimestamp":"2024-05-02T10:00:00Z"},
         "involvedObject":{"kind":"Node","name":"n"},"reason":"NodeNotReady","message":"Node n status is now:\\n NodeNotReady\\n",
         "source":{"component":"node-controller"},"firstTimestamp":"2024-05-02T10:00:00Z",
         "lastTimestamp":"2024-05-02T10:40:00Z","count":3,"type":"Warning","eventTime":null},
        {"metadata":{"name":"n.1","namespace":"default","creationTimestamp":"2024-05-02T10:11:12Z"},
         "involvedObject":{"kind":"Node","name":"n"},"reason":"Starting","message":"Starting kubelet.",
         "firstTimestamp":"2024-05-02T10:11:12Z","lastTimestamp":"2024-05-02T10:11:12Z","count":1,"type":"Normal"},
        {"metadata":{"name":"n.2","namespace":"default","creationTimestamp":"2024-05-02T10:11:12Z"},
         "involvedObject":{"kind":"Node","name":"n"},"reason":"Registered","message":"from the new API",
         "eventTime":"2024-05-02T10:11:12.500000Z","firstTimestamp":null,"lastTimestamp":null,"type":"Normal"}]}
        """
}
