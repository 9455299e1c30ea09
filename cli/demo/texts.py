"""The texts of generated cases; all are invented."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.vocabulary import Category, Method, SessionOutcome


class Matter(NamedTuple):
    """What a dispute is about, what is asked for, what settles it, and whether money is owed."""

    title: str
    facts: str
    requests: str
    settlement: str
    paid: bool = False


PROPERTY: Final = (
    Matter("物业费拖欠", "业主以服务质量为由拒缴物业费", "补缴物业费", "补缴物业费", paid=True),
    Matter("电梯停运", "电梯多次停运，维修迟迟未完成", "限期修复电梯", "修复电梯并公示维保记录"),
    Matter("公共收益", "电梯广告收益去向不明", "公示并返还公共收益", "公示账目，返还收益", paid=True),
    Matter("停车收费", "地面车位收费标准上调", "恢复原收费标准", "按原标准收费至年底"),
    Matter("外墙渗水", "外墙渗水，室内发霉", "修缮外墙", "修缮外墙"),
    Matter("垃圾清运", "垃圾清运不及时，气味扰民", "每日清运", "每日清运两次"),
)
MATTERS: Final[Mapping[Category, tuple[Matter, ...]]] = {
    Category.PROPERTY: PROPERTY,
    Category.NEIGHBOUR: (
        Matter("噪声扰邻", "夜间响动影响休息", "停止夜间噪声", "晚十点后不再发出响动"),
        Matter("漏水", "楼上漏水浸湿楼下天花板", "维修并赔偿", "维修水管，赔偿粉刷费", paid=True),
        Matter("通道堆物", "楼道堆放杂物", "清理杂物", "清理杂物"),
        Matter("养犬", "犬只未拴绳，吓到儿童", "规范养犬", "出门拴绳，夜间关犬"),
        Matter("空调外机", "外机热风直吹邻窗", "移机", "移机或加装导风罩"),
        Matter("装修", "装修震动致墙面开裂", "修复裂缝", "修复裂缝", paid=True),
    ),
    Category.DAMAGES: (
        Matter("碰撞受伤", "院内电动车碰撞致轻伤", "赔偿医药费", "赔偿医药费", paid=True),
        Matter("高空坠物", "阳台花盆坠落砸坏车顶", "赔偿修车费", "赔偿修车费", paid=True),
    ),
    Category.MARRIAGE_FAMILY: (
        Matter("赡养", "子女对赡养费分担有分歧", "商定赡养费", "按月支付赡养费", paid=True),
        Matter("探望", "离异后探望时间有争议", "商定探望时间", "每两周探望一次"),
    ),
    Category.CONTRACT: (
        Matter("装修合同", "工程尾款争议", "支付尾款", "支付尾款", paid=True),
        Matter("租房押金", "退租时押金被扣", "退还押金", "退还押金", paid=True),
    ),
    Category.CONSUMER: (
        Matter("预付卡", "商户停业，预付卡余额未退", "退还余额", "退还余额", paid=True),
        Matter("家电质量", "新购家电反复故障", "退换", "更换新机"),
    ),
    Category.LABOUR: (Matter("工资", "家政服务费未结清", "结清服务费", "结清服务费", paid=True),),
    Category.ENVIRONMENT: (Matter("油烟", "餐馆油烟直排", "加装净化设备", "加装净化设备"),),
    Category.HOUSING_SITE: (Matter("公摊", "顶楼平台使用权争议", "恢复公用", "拆除隔断，恢复公用"),),
    Category.TRAFFIC: (Matter("剐蹭", "车库内剐蹭责任不清", "赔偿修车费", "赔偿修车费", paid=True),),
    Category.BUSINESS: (Matter("占道经营", "店铺货架占用通道", "撤回货架", "撤回货架"),),
    Category.MEDICAL: (Matter("理疗", "理疗后不适", "退费", "退还费用", paid=True),),
    Category.OTHER: (Matter("宅配", "快递柜占用公共区域", "移位", "移至院门外"),),
}
REFERRERS: Final = ("court", "police", "petition", "hotline", "grid", "department")
MINUTES: Final[Mapping[SessionOutcome, tuple[str, ...]]] = {
    SessionOutcome.AGREED: ("双方达成一致", "背对背沟通后接受方案", "当场商定办法"),
    SessionOutcome.FAILED: (
        "双方各执己见，未达成一致",
        "对金额分歧较大，未达成一致",
        "一方当场离席，未达成一致",
    ),
    SessionOutcome.ADJOURNED: ("需补充材料，改期再谈", "等候检测结果，改期再谈"),
    SessionOutcome.NO_SHOW: ("被申请人未到场", "电话无人接听，上门未遇"),
}
METHODS: Final[Mapping[Method, float]] = {
    Method.FACE_TO_FACE: 0.42,
    Method.ON_SITE: 0.2,
    Method.BACK_TO_BACK: 0.14,
    Method.PHONE: 0.1,
    Method.JOINT: 0.09,
    Method.ONLINE: 0.05,
}
SEATS: Final[Mapping[str, str]] = {
    "legal_adviser": "法律顾问",
    "community_police": "社区民警",
    "branch_secretary": "支部书记",
    "owners_committee": "业委会主任",
    "property_manager": "物业经理",
    "police_station": "派出所代表",
    "justice_office": "司法所代表",
    "social_construction": "社会建设科长",
    "delegates": "两代表一委员",
    "lawyer": "律师",
}
OPINIONS: Final[Mapping[str, tuple[str, str]]] = {
    "liaison": ("民情联络组", "双方均愿继续协商，建议择日再谈"),
    "legal": ("法律咨询组", "依合同约定应分担责任，建议按比例承担"),
    "property_service": ("物业服务组", "服务标准公示不全，建议整改"),
    "owner_guidance": ("业主辅导组", "建议由业主代表参与监督"),
}
DECLINED: Final = {
    "elsewhere": "法院已立案",
    "forbidden": "法律规定不得调解",
    "not_a_dispute": "属咨询事项，已答复",
}
HANDED_TO: Final = ("劳动仲裁委员会", "市场监管所", "公安派出所", "住建部门")
COURT: Final = "示例区人民法院"
