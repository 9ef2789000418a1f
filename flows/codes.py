"""Code tables of national standards: sex GB/T 2261.1, marriage GB/T 2261.2, ethnic groups GB/T 3304-1991,
education GB/T 4658, family relations GB/T 4761.

Codes are strings: leading zeros count. 97 and 98 are police practice, not in GB/T 3304 (grade G).
"""

from collections.abc import Mapping

SEXES: Mapping[str, str] = {"0": "未知", "1": "男", "2": "女", "9": "未说明"}

_GROUPS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)

ETHNIC_GROUPS: Mapping[str, str] = {
    **{f"{number:02}": f"{name}族" for number, name in enumerate(_GROUPS.split(), start=1)},
    "97": "其他",
    "98": "外国血统中国籍人士",
}

MARRIAGES: Mapping[str, str] = {
    "10": "未婚",
    "20": "已婚",
    "21": "初婚",
    "22": "再婚",
    "23": "复婚",
    "30": "丧偶",
    "40": "离婚",
    "90": "未说明",
}

EDUCATIONS: Mapping[str, str] = {
    "10": "研究生",
    "20": "大学本科",
    "30": "大学专科",
    "40": "中等职业",
    "60": "普通高中",
    "70": "初中",
    "80": "小学",
    "90": "其他",
}

RELATIONS: Mapping[str, str] = {
    "01": "本人",
    "02": "户主",
    "10": "配偶",
    "11": "夫",
    "12": "妻",
    "20": "儿子",
    "21": "独生子",
    "22": "长子",
    "23": "次子",
    "30": "女儿",
    "31": "独生女",
    "32": "长女",
    "33": "次女",
    "40": "孙子女或外孙子女",
    "50": "父母",
    "51": "父亲",
    "52": "母亲",
    "60": "祖父母或外祖父母",
    "70": "兄弟姐妹",
    "80": "其他",
}
"""与户主关系. 01 and 02 both stand for the head of the household in registers met."""
