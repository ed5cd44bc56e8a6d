# What Slipway makes on AWS for three masters and three workers in three zones, for Terraform: the
# peer of `scripts/bench aws`. Where the provider leaves a choice, the one that calls AWS less
# often is taken: rules and routes stand within their group and table, images are named by id.
#
# Endpoint, region and credentials are from the environment.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "image" {
  type    = string
  default = "ami-12c6146b"
}

variable "access" {
  type    = list(string)
  default = ["10.0.0.0/8"]
}

locals {
  name     = "slipway-demo"
  uid      = "0011aabb"
  zones    = ["us-east-1a", "us-east-1b", "us-east-1c"]
  vpc      = "172.20.0.0/16"
  pods     = "10.244.0.0/16"
  exposure = { internal = true, public = false }

  # By name, with the range of the pods on it.
  masters = { for i, zone in local.zones : "demo-control-plane-${substr(zone, -2, 2)}-${i + 1}" => { zone = zone, pods = cidrsubnet(local.pods, 8, i) } }
  workers = { for i, zone in local.zones : "demo-nodes-${substr(zone, -2, 2)}-${i + 1}" => { zone = zone, pods = cidrsubnet(local.pods, 8, i + 3) } }
  roles   = ["control-plane", "nodes"]
  machines = merge(
    { for name, machine in local.masters : name => merge(machine, { role = "control-plane", profile = "control-plane" }) },
  { for name, machine in local.workers : name => merge(machine, { role = "worker", profile = "nodes" }) })

  # What a group of machines lets in: protocol, port, and who.
  control_plane = concat(
    [for range in var.access : { protocol = "tcp", port = 22, ranges = [range], self = false, why = "SSH" }],
    [for range in var.access : { protocol = "tcp", port = 6443, ranges = [range], self = false, why = "API" }],
    [
      { protocol = "tcp", port = 6443, ranges = [local.vpc], self = false, why = "API for machines, and health checks" },
      { protocol = "tcp", port = 6443, ranges = [local.pods], self = false, why = "API for pods" },
      { protocol = "tcp", port = 2379, ranges = [], self = true, why = "etcds clients" },
      { protocol = "tcp", port = 2380, ranges = [], self = true, why = "etcds members" },
      { protocol = "tcp", port = 10250, ranges = [], self = true, why = "kubelets" },
      { protocol = "icmp", port = -1, ranges = [], self = true, why = "reachability of pod ranges" },
  ])
}

provider "aws" {
  default_tags {
    tags = {
      "kubernetes.io/cluster/demo" = "owned"
      "slipway.dev/cluster"        = "demo"
      "slipway.dev/cluster-uid"    = local.uid
      "slipway.dev/store"          = "file:///bench"
    }
  }
}

# ---- network ---------------------------------------------------------------

resource "aws_vpc" "this" {
  cidr_block = local.vpc
  tags       = { Name = local.name }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = local.name }
}

resource "aws_subnet" "zone" {
  for_each          = { for i, zone in local.zones : zone => cidrsubnet(local.vpc, 4, i) }
  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = { Name = "${local.name}-${each.key}" }
}

resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = local.name }

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }

  dynamic "route" {
    for_each = local.machines
    content {
      cidr_block           = route.value.pods
      network_interface_id = aws_instance.machine[route.key].primary_network_interface_id
    }
  }
}

resource "aws_route_table_association" "zone" {
  for_each       = aws_subnet.zone
  subnet_id      = each.value.id
  route_table_id = aws_route_table.this.id
}

# ---- who may reach what ----------------------------------------------------

resource "aws_security_group" "control_plane" {
  name        = "${local.name}-${local.uid}-control-plane"
  description = "Machines of the cluster demo: control-plane"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${local.name}-${local.uid}-control-plane" }

  dynamic "ingress" {
    for_each = local.control_plane
    content {
      protocol    = ingress.value.protocol
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      cidr_blocks = ingress.value.ranges
      self        = ingress.value.self
      description = ingress.value.why
    }
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "nodes" {
  name        = "${local.name}-${local.uid}-nodes"
  description = "Machines of the cluster demo: nodes"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${local.name}-${local.uid}-nodes" }

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.access
    description = "SSH"
  }

  ingress {
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    security_groups = [aws_security_group.control_plane.id]
    description     = "kubelets, webhooks and proxied pods"
  }

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    self        = true
    description = "services by node port, and nodes among themselves"
  }

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [local.pods]
    description = "pods among themselves"
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# ---- roles and logins ------------------------------------------------------

resource "aws_iam_role" "this" {
  for_each    = toset(local.roles)
  name        = "slipway-${local.uid}-${each.key}"
  description = "Machines of the cluster demo"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_instance_profile" "this" {
  for_each = aws_iam_role.this
  name     = each.value.name
  role     = each.value.name
}

resource "aws_key_pair" "this" {
  key_name   = "${local.name}-${local.uid}"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHjSgs3AXXuhGkI7XFYbauyIoKw07u+p5rJiR1+DjMmq slipway-demo"
}

# ---- machines --------------------------------------------------------------

resource "aws_instance" "machine" {
  for_each                    = local.machines
  ami                         = var.image
  instance_type               = "t3.medium"
  subnet_id                   = aws_subnet.zone[each.value.zone].id
  vpc_security_group_ids      = [each.value.profile == "nodes" ? aws_security_group.nodes.id : aws_security_group.control_plane.id]
  associate_public_ip_address = true
  source_dest_check           = false
  iam_instance_profile        = aws_iam_instance_profile.this[each.value.profile].name
  key_name                    = aws_key_pair.this.key_name
  user_data                   = "#cloud-config\nhostname: ${each.key}\n"
  tags                        = { Name = each.key, "slipway.dev/role" = each.value.role, "slipway.dev/pod-cidr" = each.value.pods }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = 20
    encrypted   = true
  }

  # The server shows the groups at the network interface only: nothing is to be put right for that.
  lifecycle {
    ignore_changes = [vpc_security_group_ids]
  }
}

# ---- the API's endpoints ---------------------------------------------------

resource "aws_lb" "this" {
  for_each           = local.exposure
  name               = "slipway-${local.uid}-${each.key}"
  internal           = each.value
  load_balancer_type = "network"
  subnets            = [for subnet in aws_subnet.zone : subnet.id]
  tags               = { Name = "slipway-${local.uid}-${each.key}" }
  depends_on         = [aws_internet_gateway.this]
}

resource "aws_lb_target_group" "this" {
  for_each    = local.exposure
  name        = "slipway-${local.uid}-${each.key}"
  port        = 6443
  protocol    = "TCP"
  target_type = "instance"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "slipway-${local.uid}-${each.key}" }

  health_check {
    protocol            = "TCP"
    interval            = 10
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_listener" "this" {
  for_each          = local.exposure
  load_balancer_arn = aws_lb.this[each.key].arn
  port              = 6443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[each.key].arn
  }
}

resource "aws_lb_target_group_attachment" "master" {
  for_each         = { for pair in setproduct(keys(local.exposure), keys(local.masters)) : join("/", pair) => pair }
  target_group_arn = aws_lb_target_group.this[each.value[0]].arn
  target_id        = aws_instance.machine[each.value[1]].id
  port             = 6443
}
